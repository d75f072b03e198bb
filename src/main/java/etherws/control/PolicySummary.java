package etherws.control;

import etherws.bridge.PortPolicy;
import etherws.bridge.VlanSettings;
import java.util.BitSet;
import java.util.StringJoiner;

/**
 * What a port may do, as far as people ask first.
 *
 * @param pvid the VLAN of untagged frames; 0 is one without a number, -1 drops them
 * @param tagged VIDs that pass with a tag: {@code 10,20-29}, {@code all} or empty
 * @param group ports of the same group exchange no frames; 0 is no group
 * @param macLimit the most addresses; 0 is no limit
 * @param lockedMacs how many addresses it is locked to; 0 is any address
 * @param ingressRate bits per second; 0 is no limit
 * @param egressRate bits per second; 0 is no limit
 */
public record PolicySummary(
    int pvid,
    String tagged,
    boolean learning,
    boolean flood,
    boolean isolated,
    int group,
    int macLimit,
    int lockedMacs,
    long ingressRate,
    long egressRate) {

  public static PolicySummary of(PortPolicy policy) {
    return new PolicySummary(
        policy.vlan().pvid(),
        ranges(policy.vlan().tagged()),
        policy.learning(),
        policy.flood(),
        policy.isolated(),
        policy.group(),
        policy.macLimit(),
        policy.macs().size(),
        policy.ingressRate(),
        policy.egressRate());
  }

  private static String ranges(BitSet vids) {
    if (vids.cardinality() == VlanSettings.MAX_VID) {
      return "all";
    }
    StringJoiner ranges = new StringJoiner(",");
    for (int first = vids.nextSetBit(0); first >= 0; ) {
      int end = vids.nextClearBit(first);
      ranges.add(end - 1 == first ? "" + first : first + "-" + (end - 1));
      first = vids.nextSetBit(end);
    }
    return ranges.toString();
  }
}
