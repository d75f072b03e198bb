package etherws.bridge;

import static etherws.testing.Frames.ALICE;
import static etherws.testing.Frames.BOB;
import static etherws.testing.Frames.CAROL;
import static etherws.testing.Frames.frame;
import static etherws.testing.Frames.tagged;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.frame.MacAddress;
import etherws.testing.RecordingPort;
import org.junit.jupiter.api.Test;

class BridgeTest {
  private final RecordingPort a = new RecordingPort("a");
  private final RecordingPort b = new RecordingPort("b");
  private final RecordingPort c = new RecordingPort("c");
  private long nanos;
  private final Bridge bridge = new Bridge(BridgeSettings.DEFAULTS, () -> nanos);

  private final Attachment atA = bridge.attach(a, PortPolicy.LOCAL);
  private final Attachment atB = bridge.attach(b, PortPolicy.LOCAL);
  private final Attachment atC = bridge.attach(c, PortPolicy.LOCAL);

  @Test
  void floodsWhatItDoesNotKnowToAllButTheIngressPort() {
    atA.receive(frame(BOB, ALICE));

    assertThat(a.frames()).isEmpty();
    assertThat(b.frames()).hasSize(1);
    assertThat(c.frames()).hasSize(1);
  }

  @Test
  void sendsAKnownAddressToItsPortAlone() {
    atB.receive(frame(MacAddress.BROADCAST, BOB));
    atA.receive(frame(BOB, ALICE));

    assertThat(b.frames()).hasSize(1);
    assertThat(c.frames()).hasSize(1);
  }

  @Test
  void floodsGroupAddressesForEver() {
    atB.receive(frame(MacAddress.BROADCAST, BOB));
    atA.receive(frame(MacAddress.BROADCAST, ALICE));
    atA.receive(frame(MacAddress.parse("01:00:5e:00:00:fb"), ALICE));

    assertThat(b.frames()).hasSize(2);
    assertThat(c.frames()).hasSize(3);
  }

  @Test
  void neverSendsAFrameBackWhereItCameFrom() {
    atA.receive(frame(MacAddress.BROADCAST, BOB));
    atA.receive(frame(BOB, ALICE));

    assertThat(a.frames()).isEmpty();
    assertThat(b.frames()).hasSize(1);
    assertThat(c.frames()).hasSize(1);
  }

  @Test
  void followsAHostThatMoves() {
    atB.receive(frame(MacAddress.BROADCAST, BOB));
    atC.receive(frame(MacAddress.BROADCAST, BOB));
    int before = c.frames().size();

    atA.receive(frame(BOB, ALICE));

    assertThat(c.frames()).hasSize(before + 1);
    assertThat(b.frames()).hasSize(1);
  }

  @Test
  void learnsPerVlan() {
    atB.receive(tagged(MacAddress.BROADCAST, BOB, 10));
    int before = c.frames().size();

    atA.receive(tagged(BOB, ALICE, 20));
    assertThat(c.frames()).as("unknown in VLAN 20").hasSize(before + 1);

    atA.receive(tagged(BOB, ALICE, 0x7000 | 10));
    assertThat(c.frames()).as("known in VLAN 10, whatever the priority").hasSize(before + 1);
  }

  @Test
  void floodsAgainWhenThePortHasLeft() {
    atB.receive(frame(MacAddress.BROADCAST, BOB));
    atB.detach();
    int before = c.frames().size();

    atA.receive(frame(BOB, ALICE));

    assertThat(b.frames()).isEmpty();
    assertThat(c.frames()).hasSize(before + 1);
    assertThat(bridge.ports()).containsExactly(a, c);
  }

  @Test
  void countsIngressAndNotTwice() {
    atA.receive(frame(CAROL, ALICE));

    assertThat(a.counters().ingressFrames()).isEqualTo(1);
    assertThat(a.counters().ingressOctets()).isEqualTo(60);
    assertThat(a.counters().egressFrames()).isZero();
  }
}
