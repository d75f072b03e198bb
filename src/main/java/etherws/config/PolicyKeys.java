package etherws.config;

import etherws.bridge.PortPolicy;
import etherws.bridge.VlanSettings;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.function.Function;

/** The keys of what a port may do. */
final class PolicyKeys {
  private static final Type<Integer> LIMIT = Type.whole(0, Integer.MAX_VALUE);

  private static final Type<Boolean> FILTER =
      Type.ofText(
          "\"forward\" or \"filter\"",
          text ->
              switch (text) {
                case "forward" -> false;
                case "filter" -> true;
                default -> throw new WrongValue(Type.quote(text) + " is neither");
              },
          filter -> filter ? "filter" : "forward");

  static final Key<Integer> PVID =
      Key.optional(
          "pvid",
          Type.whole(1, VlanSettings.MAX_VID),
          "none",
          "the VLAN of untagged frames; without `tagged`, an access port");

  static final Key<BitSet> TAGGED =
      Key.optional(
          "tagged",
          Vids.TYPE,
          "none; without `pvid` too, all frames pass as they are",
          "the VLANs that come and leave with a tag; without `pvid`, untagged frames are dropped");

  static final Key<Boolean> LEARNING =
      of("learning", Type.BOOLEAN, PortPolicy::learning, "source addresses enter the FDB");

  static final Key<Boolean> FLOOD =
      of("flood", Type.BOOLEAN, PortPolicy::flood, "frames to unknown addresses leave by the port");

  static final Key<Boolean> ISOLATED =
      of(
          "isolated",
          Type.BOOLEAN,
          PortPolicy::isolated,
          "exchanges frames with ports that are not isolated only");

  static final Key<Integer> GROUP =
      of(
          "group",
          LIMIT,
          PortPolicy::group,
          "ports of the same split horizon group exchange no frames, and of its uplinks that lead to the"
              + " same network one carries them; 0 is no group");

  static final Key<Integer> MAC_LIMIT =
      of(
          "mac-limit",
          LIMIT,
          PortPolicy::macLimit,
          "the most addresses learned here, frames of others are dropped; 0 is no limit");

  static final Key<List<Long>> MACS =
      of(
          "macs",
          Type.list(Addresses.MAC),
          PolicyKeys::macs,
          "the only source addresses that may be used here; empty is any");

  static final Key<Duration> STEAL_HOLD =
      of(
          "steal-hold",
          Quantities.time(Duration.ZERO, Duration.ofHours(1)),
          PortPolicy::stealHold,
          "how long an address must have been silent on another port before it is learned here");

  static final Key<Integer> STORM_BROADCAST =
      of(
          "storm-broadcast",
          LIMIT,
          policy -> policy.storm().broadcast(),
          "the most broadcast frames it may bring in per second; 0 is no limit");

  static final Key<Integer> STORM_MULTICAST =
      of(
          "storm-multicast",
          LIMIT,
          policy -> policy.storm().multicast(),
          "the same of multicast frames");

  static final Key<Integer> STORM_UNKNOWN_UNICAST =
      of(
          "storm-unknown-unicast",
          LIMIT,
          policy -> policy.storm().unknownUnicast(),
          "the same of frames to addresses that the FDB doesn't know");

  static final Key<Long> RATE_INGRESS =
      of(
          "rate-ingress",
          Quantities.BIT_RATE,
          PortPolicy::ingressRate,
          "the most it may bring in, in bits per second; 0 is no limit");

  static final Key<Long> RATE_EGRESS =
      of(
          "rate-egress",
          Quantities.BIT_RATE,
          PortPolicy::egressRate,
          "the most it is sent, in bits per second; 0 is no limit");

  static final Key<Boolean> BPDU =
      of("bpdu", FILTER, PortPolicy::bpduFilter, "what becomes of spanning tree's BPDUs");

  static final Key<Boolean> DHCP_GUARD =
      of(
          "dhcp-guard",
          Type.BOOLEAN,
          PortPolicy::dhcpGuard,
          "drops DHCP servers' messages (v4 and v6) that come in here");

  static final Key<Boolean> RA_GUARD =
      of(
          "ra-guard",
          Type.BOOLEAN,
          PortPolicy::raGuard,
          "drops IPv6 router advertisements and redirects that come in here");

  static final Key<Boolean> LOOP_GUARD =
      of(
          "loop-guard",
          Type.BOOLEAN,
          PortPolicy::loopGuard,
          "shuts the port for a while when it leads back to this bridge");

  static final List<Key<?>> ALL =
      List.of(
          PVID,
          TAGGED,
          LEARNING,
          FLOOD,
          ISOLATED,
          GROUP,
          MAC_LIMIT,
          MACS,
          STEAL_HOLD,
          STORM_BROADCAST,
          STORM_MULTICAST,
          STORM_UNKNOWN_UNICAST,
          RATE_INGRESS,
          RATE_EGRESS,
          BPDU,
          DHCP_GUARD,
          RA_GUARD,
          LOOP_GUARD);

  private PolicyKeys() {}

  /** Sorted, so that they are written in the same order each time. */
  static List<Long> macs(PortPolicy policy) {
    return policy.macs().stream().sorted().toList();
  }

  /** Without it the default of the kind of port holds. */
  private static <T> Key<T> of(
      String name, Type<T> type, Function<PortPolicy, T> component, String sentence) {
    String clients = type.write(component.apply(PortPolicy.CLIENT));
    String local = type.write(component.apply(PortPolicy.LOCAL));
    return Key.optional(
        name,
        type,
        clients.equals(local) ? local : "%s; peers %s".formatted(local, clients),
        sentence);
  }
}
