package etherws.bridge;

import java.time.Duration;
import java.util.Set;

/** Policies for tests: that of a local port, and what differs. */
final class PolicyBuilder {
  private VlanSettings vlan = VlanSettings.TRANSPARENT;
  private boolean learning = true;
  private boolean flood = true;
  private boolean isolated;
  private int group;
  private Set<Long> macs = Set.of();
  private StormRates storm = StormRates.UNLIMITED;
  private long ingressRate;
  private long egressRate;
  private boolean bpduFilter;
  private boolean dhcpGuard;
  private boolean raGuard;
  private boolean loopGuard = true;

  PolicyBuilder vlan(VlanSettings vlan) {
    this.vlan = vlan;
    return this;
  }

  PolicyBuilder learning(boolean learning) {
    this.learning = learning;
    return this;
  }

  PolicyBuilder flood(boolean flood) {
    this.flood = flood;
    return this;
  }

  PolicyBuilder isolated(boolean isolated) {
    this.isolated = isolated;
    return this;
  }

  PolicyBuilder group(int group) {
    this.group = group;
    return this;
  }

  PolicyBuilder macs(Long... macs) {
    this.macs = Set.of(macs);
    return this;
  }

  PolicyBuilder storm(int broadcast, int multicast, int unknownUnicast) {
    this.storm = new StormRates(broadcast, multicast, unknownUnicast);
    return this;
  }

  PolicyBuilder ingressRate(long ingressRate) {
    this.ingressRate = ingressRate;
    return this;
  }

  PolicyBuilder egressRate(long egressRate) {
    this.egressRate = egressRate;
    return this;
  }

  PolicyBuilder bpduFilter() {
    this.bpduFilter = true;
    return this;
  }

  PolicyBuilder guards() {
    this.dhcpGuard = true;
    this.raGuard = true;
    return this;
  }

  PolicyBuilder loopGuard(boolean loopGuard) {
    this.loopGuard = loopGuard;
    return this;
  }

  PortPolicy build() {
    return new PortPolicy(
        vlan,
        learning,
        flood,
        isolated,
        group,
        0,
        macs,
        Duration.ZERO,
        storm,
        ingressRate,
        egressRate,
        bpduFilter,
        dhcpGuard,
        raGuard,
        loopGuard);
  }
}
