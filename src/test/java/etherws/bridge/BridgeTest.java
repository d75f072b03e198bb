package etherws.bridge;

import static etherws.testing.Frames.ALICE;
import static etherws.testing.Frames.BOB;
import static etherws.testing.Frames.CAROL;
import static etherws.testing.Frames.frame;
import static etherws.testing.Frames.tagged;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.frame.MacAddress;
import etherws.testing.RecordingPort;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BridgeTest {
  private final RecordingPort a = new RecordingPort("a");
  private final RecordingPort b = new RecordingPort("b");
  private final RecordingPort c = new RecordingPort("c");
  private long nanos;
  private final Bridge bridge = new Bridge(BridgeSettings.DEFAULTS, () -> nanos);

  @BeforeEach
  void attachThree() {
    bridge.attach(a);
    bridge.attach(b);
    bridge.attach(c);
  }

  @Test
  void floodsWhatItDoesNotKnowToAllButTheIngressPort() {
    bridge.receive(a, frame(BOB, ALICE));

    assertThat(a.frames()).isEmpty();
    assertThat(b.frames()).hasSize(1);
    assertThat(c.frames()).hasSize(1);
  }

  @Test
  void sendsAKnownAddressToItsPortAlone() {
    bridge.receive(b, frame(MacAddress.BROADCAST, BOB));
    bridge.receive(a, frame(BOB, ALICE));

    assertThat(b.frames()).hasSize(1);
    assertThat(c.frames()).hasSize(1);
  }

  @Test
  void floodsGroupAddressesForEver() {
    bridge.receive(b, frame(MacAddress.BROADCAST, BOB));
    bridge.receive(a, frame(MacAddress.BROADCAST, ALICE));
    bridge.receive(a, frame(MacAddress.parse("01:00:5e:00:00:fb"), ALICE));

    assertThat(b.frames()).hasSize(2);
    assertThat(c.frames()).hasSize(3);
  }

  @Test
  void neverSendsAFrameBackWhereItCameFrom() {
    bridge.receive(a, frame(MacAddress.BROADCAST, BOB));
    bridge.receive(a, frame(BOB, ALICE));

    assertThat(a.frames()).isEmpty();
    assertThat(b.frames()).hasSize(1);
    assertThat(c.frames()).hasSize(1);
  }

  @Test
  void followsAHostThatMoves() {
    bridge.receive(b, frame(MacAddress.BROADCAST, BOB));
    bridge.receive(c, frame(MacAddress.BROADCAST, BOB));
    int before = c.frames().size();

    bridge.receive(a, frame(BOB, ALICE));

    assertThat(c.frames()).hasSize(before + 1);
    assertThat(b.frames()).hasSize(1);
  }

  @Test
  void learnsPerVlan() {
    bridge.receive(b, tagged(MacAddress.BROADCAST, BOB, 10));
    int before = c.frames().size();

    bridge.receive(a, tagged(BOB, ALICE, 20));
    assertThat(c.frames()).as("unknown in VLAN 20").hasSize(before + 1);

    bridge.receive(a, tagged(BOB, ALICE, 0x7000 | 10));
    assertThat(c.frames()).as("known in VLAN 10, whatever the priority").hasSize(before + 1);
  }

  @Test
  void floodsAgainWhenThePortHasLeft() {
    bridge.receive(b, frame(MacAddress.BROADCAST, BOB));
    bridge.detach(b);
    int before = c.frames().size();

    bridge.receive(a, frame(BOB, ALICE));

    assertThat(b.frames()).isEmpty();
    assertThat(c.frames()).hasSize(before + 1);
    assertThat(bridge.ports()).containsExactly(a, c);
  }

  @Test
  void countsIngressAndNotTwice() {
    bridge.receive(a, frame(CAROL, ALICE));

    assertThat(a.counters().ingressFrames()).isEqualTo(1);
    assertThat(a.counters().ingressOctets()).isEqualTo(60);
    assertThat(a.counters().egressFrames()).isZero();
  }
}
