package etherws.bridge;

import java.time.Duration;
import java.util.Set;

/**
 * What a port may do. The words are those of bridge(8) where it has one.
 *
 * @param vlan the VLANs it belongs to
 * @param learning its source addresses enter the FDB
 * @param flood frames to unknown unicast addresses leave by it
 * @param isolated exchanges frames with non-isolated ports only
 * @param group ports of the same split horizon group exchange no frames; of its uplinks that lead
 *     to the same network one carries them, the others wait; 0 is no group
 * @param macLimit the most addresses learned on it, frames of others are dropped; 0 is no limit
 * @param macs the only source addresses it may use; empty is any
 * @param stealHold how long an address must have been silent on another port before this one may
 *     use it; zero may always
 * @param storm limits of flooded frames
 * @param ingressRate bits per second it may bring in; 0 is no limit
 * @param egressRate bits per second it is sent; 0 is no limit
 * @param bpduFilter drops spanning tree's BPDUs both ways
 * @param dhcpGuard drops DHCP servers' messages (v4 and v6) that come in here
 * @param raGuard drops IPv6 router advertisements and redirects that come in here
 * @param loopGuard shuts the port for a while when it leads back to this bridge
 */
public record PortPolicy(
    VlanSettings vlan,
    boolean learning,
    boolean flood,
    boolean isolated,
    int group,
    int macLimit,
    Set<Long> macs,
    Duration stealHold,
    StormRates storm,
    long ingressRate,
    long egressRate,
    boolean bpduFilter,
    boolean dhcpGuard,
    boolean raGuard,
    boolean loopGuard) {

  /** For whoever dials in: bounded, and nobody may take an active address from another. */
  public static final PortPolicy CLIENT =
      new PortPolicy(
          VlanSettings.TRANSPARENT,
          true,
          true,
          false,
          0,
          1_024,
          Set.of(),
          Duration.ofSeconds(5),
          StormRates.DEFAULTS,
          0,
          0,
          false,
          false,
          false,
          true);

  /** For what the operator has attached himself: a TAP, an uplink, a device. */
  public static final PortPolicy LOCAL =
      new PortPolicy(
          VlanSettings.TRANSPARENT,
          true,
          true,
          false,
          0,
          0,
          Set.of(),
          Duration.ZERO,
          StormRates.UNLIMITED,
          0,
          0,
          false,
          false,
          false,
          true);

  public PortPolicy {
    macs = Set.copyOf(macs);
    if (group < 0 || macLimit < 0 || ingressRate < 0 || egressRate < 0 || stealHold.isNegative()) {
      throw new IllegalArgumentException("a limit is 0 (none) or above");
    }
  }
}
