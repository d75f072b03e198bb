package etherws.bridge;

import java.util.BitSet;

/**
 * The VLANs a port belongs to (IEEE 802.1Q). Frames without a tag, with VID 0 or with an outer
 * 802.1ad tag (0x88a8) count as untagged.
 *
 * @param pvid the VLAN of untagged frames, which leave the port untagged: 1 to 4094, {@link
 *     #UNNUMBERED} or {@link #NONE}
 * @param tagged the VIDs whose frames come and leave with a tag; don't change it
 */
public record VlanSettings(int pvid, BitSet tagged) {
  /** Untagged frames belong to a VLAN of their own, which has no number and no tagged members. */
  public static final int UNNUMBERED = 0;

  /** Untagged frames are dropped. */
  public static final int NONE = -1;

  public static final int MAX_VID = 4094;

  /** All frames pass as they are: a bridge that leaves VLANs to others. */
  public static final VlanSettings TRANSPARENT = new VlanSettings(UNNUMBERED, all());

  public VlanSettings {
    if (pvid < NONE || pvid > MAX_VID) {
      throw new IllegalArgumentException("PVID %d is not within 1 to 4094".formatted(pvid));
    }
    if (tagged.length() > MAX_VID + 1 || tagged.get(0)) {
      throw new IllegalArgumentException("VIDs go from 1 to 4094");
    }
    if (pvid > 0 && tagged.get(pvid)) {
      tagged = (BitSet) tagged.clone();
      tagged.clear(pvid); // native: it leaves untagged
    }
  }

  /** One VLAN, without tags. */
  public static VlanSettings access(int pvid) {
    return new VlanSettings(pvid, new BitSet());
  }

  private static BitSet all() {
    BitSet all = new BitSet();
    all.set(1, MAX_VID + 1);
    return all;
  }
}
