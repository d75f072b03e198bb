package etherws.config;

import etherws.bridge.PortPolicy;
import etherws.bridge.StormRates;
import etherws.bridge.VlanSettings;
import java.util.BitSet;
import java.util.Set;

/** A table's words about a policy, over another policy. */
final class PolicyReader {
  private PolicyReader() {}

  /** The policy of the table; what it does not say is that of {@code base}. */
  static PortPolicy read(Table table, PortPolicy base) {
    return new PortPolicy(
        vlan(table, base.vlan()),
        table.get(PolicyKeys.LEARNING, base.learning()),
        table.get(PolicyKeys.FLOOD, base.flood()),
        table.get(PolicyKeys.ISOLATED, base.isolated()),
        table.get(PolicyKeys.GROUP, base.group()),
        table.get(PolicyKeys.MAC_LIMIT, base.macLimit()),
        Set.copyOf(table.get(PolicyKeys.MACS, PolicyKeys.macs(base))),
        table.get(PolicyKeys.STEAL_HOLD, base.stealHold()),
        new StormRates(
            table.get(PolicyKeys.STORM_BROADCAST, base.storm().broadcast()),
            table.get(PolicyKeys.STORM_MULTICAST, base.storm().multicast()),
            table.get(PolicyKeys.STORM_UNKNOWN_UNICAST, base.storm().unknownUnicast())),
        table.get(PolicyKeys.RATE_INGRESS, base.ingressRate()),
        table.get(PolicyKeys.RATE_EGRESS, base.egressRate()),
        table.get(PolicyKeys.BPDU, base.bpduFilter()),
        table.get(PolicyKeys.DHCP_GUARD, base.dhcpGuard()),
        table.get(PolicyKeys.RA_GUARD, base.raGuard()),
        table.get(PolicyKeys.LOOP_GUARD, base.loopGuard()));
  }

  /** Either key says all of the VLANs: a user with a PVID does not keep the trunk of others. */
  private static VlanSettings vlan(Table table, VlanSettings base) {
    Integer pvid = table.find(PolicyKeys.PVID);
    BitSet tagged = table.find(PolicyKeys.TAGGED);
    if (tagged == null) {
      return pvid == null ? base : VlanSettings.access(pvid);
    }
    if (pvid == null && tagged.isEmpty()) {
      table.report(PolicyKeys.TAGGED, "leaves no VLAN to the port", "name one, or give pvid");
    }
    return new VlanSettings(pvid == null ? VlanSettings.NONE : pvid, tagged);
  }
}
