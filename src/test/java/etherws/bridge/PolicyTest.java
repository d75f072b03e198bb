package etherws.bridge;

import static etherws.testing.Frames.ALICE;
import static etherws.testing.Frames.BOB;
import static etherws.testing.Frames.CAROL;
import static etherws.testing.Frames.frame;
import static etherws.testing.Frames.tagged;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.frame.EthernetFrame;
import etherws.frame.MacAddress;
import etherws.frame.Offload;
import etherws.frame.Packet;
import etherws.metrics.DropReason;
import etherws.testing.Frames;
import etherws.testing.RecordingPort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyTest {
  private static final long MULTICAST = MacAddress.parse("01:00:5e:00:00:fb");
  private static final String UDP_TO_CLIENT = "0043 0044 0008 0000";

  private final RecordingPort a = new RecordingPort("a");
  private final RecordingPort b = new RecordingPort("b");
  private final RecordingPort c = new RecordingPort("c");
  private long nanos;
  private final Bridge bridge = new Bridge(BridgeSettings.DEFAULTS, () -> nanos);
  private final Attachment atA = bridge.attach(a, PortPolicy.LOCAL);
  private final Attachment atB = bridge.attach(b, PortPolicy.LOCAL);
  private final Attachment atC = bridge.attach(c, PortPolicy.LOCAL);

  private static PolicyBuilder policy() {
    return new PolicyBuilder();
  }

  private static long dropped(RecordingPort port, DropReason reason) {
    return port.counters().drops(reason);
  }

  private static VlanSettings trunk(int pvid, int... vids) {
    BitSet tagged = new BitSet();
    for (int vid : vids) {
      tagged.set(vid);
    }
    return new VlanSettings(pvid, tagged);
  }

  // ---- VLANs

  @Test
  void confinesFloodingToTheMembersOfTheVlan() {
    atA.policy(policy().vlan(VlanSettings.access(10)).build());
    atB.policy(policy().vlan(VlanSettings.access(10)).build());
    atC.policy(policy().vlan(VlanSettings.access(20)).build());

    atA.receive(frame(MacAddress.BROADCAST, ALICE));

    assertThat(b.frames()).hasSize(1);
    assertThat(c.frames()).isEmpty();
  }

  @Test
  void dropsFramesOfAVlanThatThePortIsNoMemberOf() {
    atA.policy(policy().vlan(trunk(VlanSettings.NONE, 10)).build());

    atA.receive(tagged(BOB, ALICE, 11));
    atA.receive(frame(BOB, ALICE));

    assertThat(dropped(a, DropReason.VLAN)).isEqualTo(2);
    assertThat(b.frames()).isEmpty();
    assertThat(bridge.fdbSize()).isZero();
  }

  @Test
  void dropsWhatWouldShowASecondTag() {
    atA.policy(policy().vlan(trunk(VlanSettings.NONE, 10)).build());
    atB.policy(policy().vlan(trunk(10, 20)).build());
    atC.policy(policy().vlan(trunk(VlanSettings.NONE, 10)).build());

    atA.receive(Packet.udp(false, new byte[9]).tagged(0x8100_000a, 0x8100_0014).plain());

    assertThat(b.frames()).isEmpty();
    assertThat(c.frames()).hasSize(1);
    assertThat(dropped(a, DropReason.VLAN)).isEqualTo(1);
  }

  @Test
  void reservesTheLastVid() {
    atA.receive(tagged(MacAddress.BROADCAST, ALICE, 4095));

    assertThat(dropped(a, DropReason.VLAN)).isEqualTo(1);
  }

  // ---- addresses

  @Test
  void refusesSourcesThatAreNobodys() {
    atA.receive(frame(BOB, MULTICAST));
    atA.receive(frame(BOB, 0));

    assertThat(dropped(a, DropReason.SOURCE)).isEqualTo(2);
    assertThat(b.frames()).isEmpty();
  }

  @Test
  void learnsNothingFromAPortThatMayNot() {
    atA.policy(policy().learning(false).build());

    atA.receive(frame(BOB, ALICE));

    assertThat(b.frames()).hasSize(1);
    assertThat(bridge.fdbSize()).isZero();
  }

  @Test
  void locksAPortToItsAddresses() {
    atA.policy(policy().macs(ALICE, CAROL).build());

    atA.receive(frame(BOB, ALICE));
    atA.receive(frame(BOB, BOB));
    atA.receive(frame(BOB, CAROL));

    assertThat(b.frames()).hasSize(2);
    assertThat(dropped(a, DropReason.MAC_LOCK)).isEqualTo(1);
  }

  @Test
  void dropsWhatATakerOfAddressesSends() {
    atA.policy(PortPolicy.CLIENT);
    atB.receive(frame(MacAddress.BROADCAST, BOB));
    atA.receive(frame(CAROL, BOB));

    assertThat(dropped(a, DropReason.MAC_IN_USE)).isEqualTo(1);
    assertThat(c.frames()).hasSize(1);
  }

  @Test
  void staysBoundedUnderAHundredThousandAddresses() {
    atA.policy(PortPolicy.CLIENT);
    atB.receive(frame(CAROL, BOB));
    for (int i = 0; i < 100_000; i++) {
      atA.receive(frame(BOB, 0x0600_0000_0000L + i * 0x9e37L));
    }

    assertThat(atA.learned()).isEqualTo(1_024);
    assertThat(dropped(a, DropReason.MAC_LIMIT)).isEqualTo(100_000 - 1_024);
    assertThat(b.frames()).hasSize(1_024);
    assertThat(c.frames()).as("Bob is known all the time").hasSize(1);
  }

  @Test
  void forgetsWhatItLearnedInOtherVlans() {
    atA.receive(frame(BOB, ALICE));
    atA.policy(policy().vlan(VlanSettings.access(10)).build());

    assertThat(bridge.fdbSize()).isZero();
  }

  // ---- who may reach whom

  @Test
  void floodsNothingUnknownToAPortThatWantsNone() {
    atB.policy(policy().flood(false).build());

    atA.receive(frame(CAROL, ALICE));
    assertThat(b.frames()).isEmpty();

    atA.receive(frame(MacAddress.BROADCAST, ALICE));
    atA.receive(frame(MULTICAST, ALICE));
    assertThat(b.frames()).hasSize(2);
  }

  @Test
  void keepsIsolatedPortsApart() {
    atA.policy(policy().isolated(true).build());
    atB.policy(policy().isolated(true).build());

    atA.receive(frame(MacAddress.BROADCAST, ALICE));
    atB.receive(frame(ALICE, BOB));

    assertThat(a.frames()).isEmpty();
    assertThat(b.frames()).isEmpty();
    assertThat(c.frames()).hasSize(1);
    assertThat(dropped(b, DropReason.ISOLATED)).isEqualTo(1);

    atC.receive(frame(ALICE, CAROL));
    assertThat(a.frames()).hasSize(1);
  }

  @Test
  void keepsPortsOfOneGroupApart() {
    atA.policy(policy().group(1).build());
    atB.policy(policy().group(1).build());
    atC.policy(policy().group(2).build());

    atA.receive(frame(MacAddress.BROADCAST, ALICE));
    atB.receive(frame(ALICE, BOB));

    assertThat(b.frames()).isEmpty();
    assertThat(c.frames()).hasSize(1);
    assertThat(dropped(b, DropReason.GROUP)).isEqualTo(1);
  }

  // ---- rates

  @Test
  void stopsAStormOfEachKindAndNoOther() {
    atA.policy(policy().storm(10, 20, 30).build());
    for (int i = 0; i < 100; i++) {
      atA.receive(frame(MacAddress.BROADCAST, ALICE));
      atA.receive(frame(MULTICAST, ALICE));
      atA.receive(frame(CAROL, ALICE));
    }

    assertThat(b.frames()).hasSize(60);
    assertThat(dropped(a, DropReason.BROADCAST_STORM)).isEqualTo(90);
    assertThat(dropped(a, DropReason.MULTICAST_STORM)).isEqualTo(80);
    assertThat(dropped(a, DropReason.UNKNOWN_STORM)).isEqualTo(70);

    atB.receive(frame(ALICE, BOB));
    atA.receive(frame(BOB, ALICE));
    assertThat(b.frames()).as("known unicast").hasSize(61);

    nanos += Duration.ofMillis(100).toNanos();
    atA.receive(frame(MacAddress.BROADCAST, ALICE));
    atA.receive(frame(MacAddress.BROADCAST, ALICE));
    assertThat(b.frames()).as("one in a tenth of a second").hasSize(62);
  }

  @Test
  void countsASuperFrameAsItsSegments() {
    atA.policy(policy().storm(0, 0, 10).build());
    Packet datagrams = Packet.udp(false, new byte[6_000]);

    atA.receive(datagrams.offloaded(Offload.UDP, 1_000));
    atA.receive(datagrams.offloaded(Offload.UDP, 1_000));

    assertThat(b.frames()).hasSize(1);
  }

  @Test
  void limitsWhatAPortBringsIn() {
    atA.policy(policy().ingressRate(8_000_000).build());
    EthernetFrame large = Frames.view(Frames.octets(BOB, ALICE, 1_000));
    int burst = 2 * EthernetFrame.MAX_LENGTH / 1_000;

    for (int i = 0; i < 1_000; i++) {
      atA.receive(large);
    }
    assertThat(b.frames()).hasSize(burst);
    assertThat(dropped(a, DropReason.INGRESS_RATE)).isEqualTo(1_000 - burst);

    b.take();
    nanos += Duration.ofMillis(50).toNanos();
    for (int i = 0; i < 1_000; i++) {
      atA.receive(large);
    }
    assertThat(b.frames()).hasSizeBetween(50, 51);
  }

  @Test
  void limitsWhatAPortIsSent() {
    atB.policy(policy().egressRate(8_000_000).build());
    EthernetFrame large = Frames.view(Frames.octets(MacAddress.BROADCAST, ALICE, 1_000));

    for (int i = 0; i < 1_000; i++) {
      atA.receive(large);
    }

    int burst = 2 * EthernetFrame.MAX_LENGTH / 1_000;
    assertThat(b.frames()).hasSize(burst);
    assertThat(c.frames()).hasSize(1_000);
    assertThat(dropped(b, DropReason.EGRESS_RATE)).isEqualTo(1_000 - burst);
  }

  @Test
  void theSamePolicyAgainFillsNoBucket() {
    atA.policy(policy().storm(1, 0, 0).build());
    atA.receive(frame(MacAddress.BROADCAST, ALICE));
    atA.policy(policy().storm(1, 0, 0).build());
    atA.receive(frame(MacAddress.BROADCAST, ALICE));

    assertThat(b.frames()).hasSize(1);
  }

  // ---- guards

  @ParameterizedTest
  @ValueSource(strings = {"01:80:c2:00:00:00", "01:80:c2:00:00:08", "01:00:0c:cc:cc:cd"})
  void filtersBpdusBothWays(String destination) {
    atA.policy(policy().bpduFilter().build());
    long group = MacAddress.parse(destination);

    atA.receive(frame(group, ALICE));
    atB.receive(frame(group, BOB));

    assertThat(a.frames()).isEmpty();
    assertThat(b.frames()).isEmpty();
    assertThat(c.frames()).as("forwarded elsewhere").hasSize(1);
    assertThat(dropped(a, DropReason.BPDU)).isEqualTo(2);
  }

  @Test
  void letsNoOtherLinkLocalFrameDie() {
    atA.policy(policy().bpduFilter().build());

    atA.receive(frame(MacAddress.parse("01:80:c2:00:00:0e"), ALICE));

    assertThat(b.frames()).hasSize(1);
  }

  @Test
  void keepsRogueServersAndRoutersOut() {
    atA.policy(policy().guards().build());
    byte[] dhcp = ipv4(UDP_TO_CLIENT);
    byte[] router = ipv6("8600 0000");

    atA.receive(Frames.view(dhcp));
    atA.receive(Frames.view(router));
    assertThat(b.frames()).isEmpty();
    assertThat(dropped(a, DropReason.DHCP_GUARD)).isEqualTo(1);
    assertThat(dropped(a, DropReason.RA_GUARD)).isEqualTo(1);

    atC.receive(Frames.view(dhcp));
    atC.receive(Frames.view(router));
    assertThat(a.frames()).as("those of the right port arrive").hasSize(2);
  }

  private static byte[] ipv4(String transport) {
    return HexFormat.of()
        .parseHex(
            ("ffffffffffff 02000000000a 0800 4500001c 00000000 40110000 0a000001 ffffffff"
                    + transport)
                .replace(" ", ""));
  }

  private static byte[] ipv6(String transport) {
    return HexFormat.of()
        .parseHex(
            ("333300000001 02000000000a 86dd 60000000 00043aff" + "00".repeat(32) + transport)
                .replace(" ", ""));
  }

  // ---- the operator

  @Test
  void aShutPortNeitherReceivesNorSends() {
    atB.receive(frame(CAROL, BOB));
    atB.shut(true);
    int before = c.frames().size();

    atB.receive(frame(MacAddress.BROADCAST, BOB));
    atA.receive(frame(BOB, ALICE));

    assertThat(atB.state()).isEqualTo(new PortState.Shut());
    assertThat(b.frames()).isEmpty();
    assertThat(c.frames()).as("Bob is unknown now").hasSize(before + 1);
    assertThat(dropped(b, DropReason.SHUT)).isEqualTo(2);

    atB.shut(false);
    atA.receive(frame(BOB, ALICE));
    assertThat(atB.state()).isEqualTo(new PortState.Up());
    assertThat(b.frames()).hasSize(1);
  }

  @Test
  void numbersPortsFromOneAndNeverTwice() {
    atC.detach();
    Attachment next = bridge.attach(new RecordingPort("d"), PortPolicy.LOCAL);

    assertThat(atA.number()).isEqualTo(1);
    assertThat(next.number()).isEqualTo(4);
    assertThat(bridge.attachments()).containsExactly(atA, atB, next);
  }

  @Test
  void forgetsOnDemand() {
    atA.receive(frame(CAROL, ALICE));
    atB.receive(frame(CAROL, BOB));

    bridge.flushFdb(atA);
    assertThat(bridge.fdb()).containsExactly(new FdbEntry(0, BOB, atB, 0));

    bridge.flushFdb();
    assertThat(bridge.fdb()).isEmpty();
    assertThat(atB.learned()).isZero();
  }

  @Test
  void showsAnObserverAllFramesOfItsPort() {
    List<String> seen = new ArrayList<>();
    FrameObserver observer = (direction, frame) -> seen.add(direction + " " + frame.length());
    atB.observe(observer);

    atA.receive(frame(BOB, ALICE));
    atB.receive(frame(ALICE, BOB));
    atA.receive(frame(CAROL, ALICE));
    atC.receive(frame(ALICE, CAROL));
    atB.forget(observer);
    atB.receive(frame(ALICE, BOB));

    assertThat(seen).containsExactly("EGRESS 60", "INGRESS 60", "EGRESS 60");
  }
}
