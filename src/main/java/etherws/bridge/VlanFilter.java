package etherws.bridge;

import etherws.frame.EthernetFrame;
import java.util.Arrays;

/** {@link VlanSettings} made ready for the frame path. */
final class VlanFilter {
  /** In the place of a VID: of no VLAN that this port belongs to. */
  static final int NONE = VlanSettings.NONE;

  private static final int WORDS = 64;

  /** How frames of a VLAN leave a port. */
  enum Form {
    /** Not at all: the port is no member. */
    NONE,
    UNTAGGED,
    TAGGED
  }

  private final int pvid;
  private final long[] tagged;

  VlanFilter(VlanSettings settings) {
    this.pvid = settings.pvid();
    this.tagged = Arrays.copyOf(settings.tagged().toLongArray(), WORDS);
  }

  /**
   * The VLAN of a frame that comes in. A tag with the PVID is as good as none, as in Linux.
   *
   * @return its VID; 0 is the VLAN without a number
   */
  int classify(EthernetFrame frame) {
    int vid = frame.vid();
    return vid == 0 || vid == pvid ? pvid : isTagged(vid) ? vid : NONE;
  }

  Form egress(int vid) {
    return vid == pvid ? Form.UNTAGGED : isTagged(vid) ? Form.TAGGED : Form.NONE;
  }

  /** A VLAN of this port: that of untagged frames, if there is one. */
  int anyVid() {
    for (int vid = 1; pvid == NONE && vid <= VlanSettings.MAX_VID; vid++) {
      if (isTagged(vid)) {
        return vid;
      }
    }
    return pvid;
  }

  private boolean isTagged(int vid) {
    return (tagged[vid >>> 6] >>> vid & 1) != 0;
  }
}
