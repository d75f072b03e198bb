package etherws.bridge;

import static etherws.testing.Frames.ALICE;
import static etherws.testing.Frames.BOB;
import static etherws.testing.Frames.CAROL;
import static etherws.testing.Frames.frame;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.frame.MacAddress;
import etherws.metrics.DropReason;
import etherws.testing.Frames;
import etherws.testing.RecordingPort;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two uplinks of one group, which lead to one network unless a test cuts or parts them. */
class UplinkGroupsTest {
  private static final PortPolicy GROUP = new PolicyBuilder().group(1).build();

  private final RecordingPort tap = new RecordingPort("tap");
  private final FakeUplink a = new FakeUplink("a");
  private final FakeUplink b = new FakeUplink("b");
  private long nanos = -5;
  private final Bridge bridge = new Bridge(BridgeSettings.DEFAULTS, () -> nanos);
  private final Attachment atTap = bridge.attach(tap, PortPolicy.LOCAL);
  private final Attachment atA = bridge.attach(a, GROUP);
  private final Attachment atB = bridge.attach(b, GROUP);
  private boolean meet = true;
  private boolean aLives = true;
  private boolean bLives = true;

  /** Seconds pass; each hub says something, and what leaves by one uplink comes in by the other. */
  private void pass(int seconds) {
    for (int second = 0; second < seconds; second++) {
      nanos += Duration.ofSeconds(1).toNanos();
      if (aLives) {
        atA.receive(frame(MacAddress.BROADCAST, BOB));
      }
      if (bLives) {
        atB.receive(frame(MacAddress.BROADCAST, CAROL));
      }
      bridge.tick();
      deliver(a.take(), atB, b);
      deliver(b.take(), atA, a);
    }
  }

  private void deliver(List<byte[]> frames, Attachment to, FakeUplink port) {
    if (meet && port.isConnected()) {
      frames.forEach(octets -> to.receive(Frames.view(octets)));
    }
  }

  private void assertCarriesAlone(Attachment carrier, Attachment waiting) {
    assertThat(carrier.state()).isEqualTo(new PortState.Up());
    assertThat(waiting.state()).isEqualTo(new PortState.Standby());
  }

  @Test
  void theFirstCarriesTheFramesAndTheOtherWaits() {
    assertCarriesAlone(atA, atB);
    pass(60);
    assertCarriesAlone(atA, atB);
  }

  @Test
  void nothingPassesOneThatWaits() {
    atTap.receive(frame(MacAddress.BROADCAST, ALICE));
    atB.receive(frame(MacAddress.BROADCAST, BOB));

    assertThat(a.take()).hasSize(1);
    assertThat(b.take()).isEmpty();
    assertThat(tap.frames()).isEmpty();
    assertThat(b.counters().drops(DropReason.STANDBY)).isEqualTo(2);
    assertThat(bridge.fdb()).extracting(FdbEntry::mac).containsExactly(ALICE);
  }

  @Test
  void theOtherTakesOverWhenTheLinkIsLost() {
    pass(10);
    atA.receive(frame(ALICE, BOB));
    a.connected(false);
    aLives = false;
    pass(1);

    assertCarriesAlone(atB, atA);
    assertThat(bridge.fdb()).extracting(FdbEntry::mac).as("not learned there").doesNotContain(BOB);
  }

  @Test
  void theOtherTakesOverWhenProbesCeaseToCome() {
    pass(10);
    meet = false;
    aLives = false;

    pass(3);
    assertCarriesAlone(atA, atB);
    pass(60);
    assertCarriesAlone(atB, atA);
    meet = true;
    aLives = true;
    pass(60);
    assertCarriesAlone(atB, atA);
  }

  @Test
  void oneThatIsDeadItselfDoesNotTakeOver() {
    pass(10);
    meet = false;
    bLives = false;
    pass(60);

    assertCarriesAlone(atA, atB);
  }

  @Test
  void bothCarryWhileTheirNetworkIsInTwoParts() {
    pass(10);
    meet = false;
    pass(60);

    assertThat(List.of(atA.state(), atB.state())).containsOnly(new PortState.Up());
  }

  @Test
  void whoeverComesBackWaits() {
    a.connected(false);
    pass(1);
    a.connected(true);
    pass(60);

    assertCarriesAlone(atB, atA);
  }

  @Test
  void ofTwoThatCarriedTheYoungerWaitsOnceTheyMeet() {
    meet = false;
    pass(10);
    meet = true;
    pass(1);

    assertCarriesAlone(atA, atB);
  }

  @Test
  void bothCarryIfTheyLeadToDifferentNetworks() {
    meet = false;
    pass(10);

    assertThat(List.of(atA.state(), atB.state())).containsOnly(new PortState.Up());
  }

  @Test
  void theFirstKeepsTheFramesWhileNoneHasALink() {
    a.connected(false);
    b.connected(false);
    pass(10);

    assertCarriesAlone(atA, atB);
  }

  @Test
  void oneThatLeavesTheGroupCarriesFrames() {
    atB.policy(PortPolicy.LOCAL);
    pass(1);

    assertThat(atB.isOpen()).isTrue();
  }

  @Test
  void theOperatorsWordCounts() {
    atB.shut(true);
    a.connected(false);
    pass(10);

    assertThat(atB.state()).isEqualTo(new PortState.Shut());
  }

  @Test
  void whoeverTakesOverTellsTheAddressesBehindUs() {
    atTap.receive(frame(MacAddress.BROADCAST, ALICE));
    atA.receive(frame(MacAddress.BROADCAST, BOB));
    a.connected(false);
    nanos += Duration.ofSeconds(1).toNanos();
    bridge.tick();

    assertThat(b.take())
        .extracting(octets -> Frames.view(octets).source())
        .contains(ALICE)
        .doesNotContain(BOB);
    pass(20);
    nanos += Duration.ofSeconds(1).toNanos();
    bridge.tick();
    assertThat(b.take())
        .as("once they are known")
        .extracting(octets -> Frames.view(octets).source())
        .doesNotContain(ALICE);
  }

  @Test
  void portsThatAreNoUplinksDoNotWait() {
    Attachment atC = bridge.attach(new RecordingPort("c"), GROUP);
    Attachment atD = bridge.attach(new RecordingPort("d"), GROUP);

    assertThat(atC.isOpen()).isTrue();
    assertThat(atD.isOpen()).isTrue();
  }
}
