package etherws.bridge;

import etherws.frame.EthernetFrame;
import etherws.frame.HostConfiguration;
import etherws.frame.MacAddress;
import etherws.metrics.DropReason;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A {@link PortPolicy} made ready for the frame path, with the state of its limits. */
final class Rules {
  private static final long SPANNING_TREE = 0x0180_c200_0000L;
  private static final long PROVIDER_SPANNING_TREE = 0x0180_c200_0008L;
  private static final long PVST = 0x0100_0ccc_cccdL;
  private static final int BURSTS_PER_SECOND = 10;
  private static final long MIN_BURST_BITS = 2L * Byte.SIZE * EthernetFrame.MAX_LENGTH;

  final PortPolicy policy;
  final VlanFilter vlan;
  final boolean learning;
  final boolean flood;
  final boolean isolated;
  final int group;
  final int macLimit;
  final long stealHoldNanos;
  final StormControl storm;
  private final long[] macs;
  private final boolean bpduFilter;
  private final boolean hostGuard;
  private final @Nullable TokenBucket ingress;
  private final @Nullable TokenBucket egress;

  Rules(PortPolicy policy, long now) {
    this.policy = policy;
    this.vlan = new VlanFilter(policy.vlan());
    this.learning = policy.learning();
    this.flood = policy.flood();
    this.isolated = policy.isolated();
    this.group = policy.group();
    this.macLimit = policy.macLimit() == 0 ? Integer.MAX_VALUE : policy.macLimit();
    this.stealHoldNanos = policy.stealHold().toNanos();
    this.storm = new StormControl(policy.storm(), now);
    this.macs = policy.macs().stream().mapToLong(Long::longValue).sorted().toArray();
    this.bpduFilter = policy.bpduFilter();
    this.hostGuard = policy.dhcpGuard() || policy.raGuard();
    this.ingress = bucket(policy.ingressRate(), now);
    this.egress = bucket(policy.egressRate(), now);
  }

  /** A tenth of a second in one burst, but at least two super-frames. */
  private static @Nullable TokenBucket bucket(long rate, long now) {
    long burst = Math.max(rate / BURSTS_PER_SECOND, MIN_BURST_BITS);
    return rate == 0 ? null : new TokenBucket(rate, burst, now);
  }

  /** Why a frame may not come in here, wherever it goes; null if it may. */
  @Nullable DropReason denyIngress(EthernetFrame frame, int vid, long source, long now) {
    if (vid == VlanFilter.NONE) {
      return DropReason.VLAN;
    }
    if (source == 0 || MacAddress.isGroup(source)) {
      return DropReason.SOURCE;
    }
    if (macs.length != 0 && Arrays.binarySearch(macs, source) < 0) {
      return DropReason.MAC_LOCK;
    }
    if (bpduFilter && isBpdu(frame)) {
      return DropReason.BPDU;
    }
    DropReason reason = hostGuard ? denyHostConfiguration(frame) : null;
    return reason == null && isOver(ingress, frame, now) ? DropReason.INGRESS_RATE : reason;
  }

  private @Nullable DropReason denyHostConfiguration(EthernetFrame frame) {
    HostConfiguration kind = HostConfiguration.of(frame);
    if (kind == HostConfiguration.NONE) {
      return null;
    }
    if (policy.raGuard() && kind != HostConfiguration.DHCP) {
      return DropReason.RA_GUARD;
    }
    return policy.dhcpGuard() && kind != HostConfiguration.ROUTER ? DropReason.DHCP_GUARD : null;
  }

  /** Why a frame that is meant for this port may not leave by it; null if it may. */
  @Nullable DropReason denyEgress(EthernetFrame frame, long now) {
    if (bpduFilter && isBpdu(frame)) {
      return DropReason.BPDU;
    }
    return isOver(egress, frame, now) ? DropReason.EGRESS_RATE : null;
  }

  /** Why a port with these rules exchanges nothing with one that has those; null if it does. */
  @Nullable DropReason denyBetween(Rules other) {
    if (isolated && other.isolated) {
      return DropReason.ISOLATED;
    }
    return group != 0 && group == other.group ? DropReason.GROUP : null;
  }

  private static boolean isBpdu(EthernetFrame frame) {
    long destination = frame.destination();
    return destination == SPANNING_TREE
        || destination == PROVIDER_SPANNING_TREE
        || destination == PVST;
  }

  private static boolean isOver(@Nullable TokenBucket bucket, EthernetFrame frame, long now) {
    return bucket != null && !bucket.take((long) Byte.SIZE * frame.length(), now);
  }
}
