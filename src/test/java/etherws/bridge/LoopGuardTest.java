package etherws.bridge;

import static etherws.testing.Frames.ALICE;
import static etherws.testing.Frames.frame;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.frame.EthernetFrame;
import etherws.frame.MacAddress;
import etherws.metrics.DropReason;
import etherws.testing.Frames;
import etherws.testing.RecordingPort;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoopGuardTest {
  private final RecordingPort tap = new RecordingPort("tap");
  private final RecordingPort a = new RecordingPort("a");
  private final RecordingPort b = new RecordingPort("b");
  private long nanos = -5;
  private final Bridge bridge = new Bridge(BridgeSettings.DEFAULTS, () -> nanos);
  private final Attachment atTap = bridge.attach(tap, PortPolicy.LOCAL);
  private final Attachment atA = bridge.attach(a, PortPolicy.LOCAL);
  private final Attachment atB = bridge.attach(b, PortPolicy.LOCAL);

  private static PolicyBuilder policy() {
    return new PolicyBuilder();
  }

  private void tick() {
    nanos += Duration.ofSeconds(1).toNanos();
    bridge.tick();
  }

  /** What left by one port comes in on another. */
  private static void join(RecordingPort out, Attachment in) {
    for (byte[] octets : out.take()) {
      in.receive(Frames.view(octets));
    }
  }

  private static boolean isLoop(Attachment port) {
    return port.state() instanceof PortState.Loop;
  }

  @Test
  void sendsASmallProbeByEveryPortOnceASecond() {
    tick();

    for (RecordingPort port : List.of(tap, a, b)) {
      assertThat(port.frames()).hasSize(1);
      EthernetFrame probe = Frames.view(port.frames().getFirst());
      assertThat(probe.length()).isEqualTo(60);
      assertThat(MacAddress.isGroup(probe.destination())).isTrue();
      assertThat(probe.source() >>> 40 & 3).as("local, of one station").isEqualTo(2);
    }
  }

  @Test
  void shutsTheYoungerOfTwoPortsThatMeetElsewhere() {
    tick();
    join(a, atB);
    join(b, atA);

    assertThat(isLoop(atA)).isFalse();
    assertThat(atB.state())
        .isEqualTo(
            new PortState.Loop(
                nanos + Duration.ofSeconds(30).toNanos(), "a probe that left by a came in on b"));
    assertThat(atB.learned()).isZero();
  }

  @Test
  void leavesOneOfThreeThatMeet() {
    tick();
    join(b, atA);
    join(tap, atA);
    join(a, atTap);

    assertThat(isLoop(atTap)).isFalse();
    assertThat(isLoop(atA)).isTrue();
    assertThat(isLoop(atB)).isTrue();
  }

  @Test
  void shutsAPortThatLeadsBackToItself() {
    tick();
    join(tap, atTap);

    assertThat(isLoop(atTap)).isTrue();
    assertThat(isLoop(atA)).isFalse();
  }

  @Test
  void neitherLearnsNorCountsNorForwardsAProbe() {
    tick();
    join(a, atB);

    assertThat(bridge.fdb()).isEmpty();
    assertThat(b.counters().ingressFrames()).isZero();
    assertThat(b.counters().drops(DropReason.LOOP)).isEqualTo(1);
    assertThat(tap.frames()).as("its own alone").hasSize(1);
  }

  @Test
  void opensAgainAfterTheBackOffAndWaitsLongerIfTheLoopIsStillThere() {
    for (int seconds : new int[] {30, 60, 120, 240, 300, 300}) {
      tick();
      join(a, atB);
      assertThat(isLoop(atB)).isTrue();

      nanos += Duration.ofSeconds(seconds - 1).toNanos();
      bridge.tick();
      assertThat(isLoop(atB)).as("before %d s", seconds).isTrue();

      a.take();
      tick();
      assertThat(atB.state()).isEqualTo(new PortState.Up());
    }
  }

  @Test
  void startsAnewAfterALongTimeWithoutALoop() {
    tick();
    join(a, atB);
    nanos += Duration.ofSeconds(30).toNanos();
    bridge.tick();
    nanos += Duration.ofMinutes(6).toNanos();
    a.take();

    tick();
    join(a, atB);

    assertThat(atB.state())
        .isInstanceOfSatisfying(
            PortState.Loop.class,
            loop ->
                assertThat(loop.untilNanos() - nanos).isEqualTo(Duration.ofSeconds(30).toNanos()));
  }

  @Test
  void theOperatorOpensAtOnce() {
    tick();
    join(a, atB);
    atB.shut(false);

    assertThat(atB.state()).isEqualTo(new PortState.Up());
  }

  @Test
  void probesNobodyWhereThereCanBeNoLoop() {
    atA.detach();
    atB.detach();
    tick();

    assertThat(tap.frames()).isEmpty();
  }

  @Test
  void sparesTheOnlyUplink() {
    FakeUplink uplink = new FakeUplink("uplink");
    bridge.attach(uplink, PortPolicy.LOCAL);
    tick();
    assertThat(uplink.take()).isEmpty();

    FakeUplink second = new FakeUplink("second");
    bridge.attach(second, PortPolicy.LOCAL);
    tick();
    assertThat(uplink.take()).hasSize(1);
    assertThat(second.take()).hasSize(1);
  }

  @Test
  void leavesALoopThatEndsBeyondAnUplinkToTheBridgeThere() {
    FakeUplink uplink = new FakeUplink("uplink");
    FakeUplink second = new FakeUplink("second");
    Attachment atUplink = bridge.attach(uplink, PortPolicy.LOCAL);
    Attachment atSecond = bridge.attach(second, PortPolicy.LOCAL);

    tick();
    uplink.take().forEach(octets -> atSecond.receive(Frames.view(octets)));
    assertThat(isLoop(atSecond)).as("at the first sign").isFalse();

    for (int seconds = 0; seconds < 3; seconds++) {
      tick();
      uplink.take().forEach(octets -> atSecond.receive(Frames.view(octets)));
    }
    assertThat(isLoop(atSecond)).as("when the signs go on").isTrue();
    assertThat(isLoop(atUplink)).isFalse();
  }

  @Test
  void takesSignsLongAgoForNone() {
    FakeUplink uplink = new FakeUplink("uplink");
    bridge.attach(uplink, PortPolicy.LOCAL);
    Attachment atSecond = bridge.attach(new FakeUplink("second"), PortPolicy.LOCAL);

    for (int times = 0; times < 5; times++) {
      uplink.take();
      tick();
      uplink.take().forEach(octets -> atSecond.receive(Frames.view(octets)));
      nanos += Duration.ofSeconds(2).toNanos();
    }
    assertThat(isLoop(atSecond)).isFalse();
  }

  @Test
  void takesPortsThatExchangeNothingForNoLoop() {
    atA.policy(policy().group(1).build());
    atB.policy(policy().group(1).build());
    tick();
    join(a, atB);
    for (int i = 0; i < 100; i++) {
      (i % 2 == 0 ? atA : atB).receive(frame(MacAddress.BROADCAST, ALICE));
    }

    assertThat(isLoop(atA)).isFalse();
    assertThat(isLoop(atB)).isFalse();
  }

  @Test
  void takesPortsOfDifferentVlansForNoLoop() {
    atA.policy(policy().vlan(VlanSettings.access(10)).build());
    atB.policy(policy().vlan(VlanSettings.access(20)).build());
    tick();
    join(a, atB);

    assertThat(isLoop(atB)).isFalse();
  }

  @Test
  void findsALoopBetweenTrunks() {
    BitSet tagged = new BitSet();
    tagged.set(7);
    VlanSettings trunk = new VlanSettings(VlanSettings.NONE, tagged);
    atA.policy(policy().vlan(trunk).build());
    atB.policy(policy().vlan(trunk).build());
    tick();
    join(a, atB);

    assertThat(isLoop(atB)).isTrue();
  }

  @Test
  void shutsThePortThatIsGuarded() {
    atB.policy(policy().loopGuard(false).build());
    tick();
    assertThat(b.frames()).isEmpty();
    join(a, atB);

    assertThat(isLoop(atB)).isFalse();
    assertThat(isLoop(atA)).isTrue();
  }

  @Test
  void believesNoForgedProbe() {
    tick();
    byte[] probe = a.take().getFirst();
    probe[29] ^= 1; // in the token
    atB.receive(Frames.view(probe));
    atB.receive(frame(MacAddress.BROADCAST, Frames.view(probe).source()));

    assertThat(isLoop(atB)).isFalse();
    assertThat(b.counters().drops(DropReason.LOOP)).isEqualTo(2);
  }

  @Test
  void forwardsTheProbesOfOtherBridges() {
    Bridge other = new Bridge(BridgeSettings.DEFAULTS, () -> nanos);
    RecordingPort wire = new RecordingPort("wire");
    other.attach(wire, PortPolicy.LOCAL);
    other.attach(new RecordingPort("second"), PortPolicy.LOCAL);
    other.tick();

    join(wire, atA);

    assertThat(b.frames()).hasSize(1);
  }

  @Test
  void shutsAPortWhenAnAddressKeepsMoving() {
    for (int i = 0; i <= Fdb.MAX_MOVES + 1; i++) {
      (i % 2 == 0 ? atA : atTap).receive(frame(MacAddress.BROADCAST, ALICE));
    }

    assertThat(isLoop(atTap)).isFalse();
    assertThat(atA.state())
        .isInstanceOfSatisfying(
            PortState.Loop.class,
            loop ->
                assertThat(loop.reason())
                    .isEqualTo(
                        "02:00:00:00:00:0a moved between a and tap more than 10 times within a"
                            + " second"));
  }
}
