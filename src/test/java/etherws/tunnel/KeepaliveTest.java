package etherws.tunnel;

import static etherws.tunnel.Keepalive.DEAD_AFTER;
import static etherws.tunnel.Keepalive.DEAD_AFTER_AT_MOST;
import static etherws.tunnel.Keepalive.Verdict.ALIVE;
import static etherws.tunnel.Keepalive.Verdict.DEAD;
import static etherws.tunnel.Keepalive.Verdict.PING_DUE;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeepaliveTest {
  private long now = 5;
  private final Keepalive keepalive = new Keepalive(now);

  private void after(double seconds) {
    now += (long) (seconds * Duration.ofSeconds(1).toNanos());
  }

  private void answered() {
    keepalive.received(now);
    keepalive.pong(0);
  }

  @Test
  void pingsAtOnceAndThenEveryTenSeconds() {
    assertThat(keepalive.check(now)).isEqualTo(PING_DUE);
    answered();

    after(9);
    keepalive.received(now);
    assertThat(keepalive.check(now)).isEqualTo(ALIVE);

    after(0.99); // as checks have some jitter
    keepalive.received(now);
    assertThat(keepalive.check(now)).isEqualTo(PING_DUE);
  }

  @Test
  void givesUpAfterNineSecondsOfSilenceBehindAPing() {
    keepalive.check(now);
    answered();
    after(10);
    assertThat(keepalive.check(now)).isEqualTo(PING_DUE);

    after(8);
    assertThat(keepalive.check(now)).isEqualTo(ALIVE);
    after(0.99);
    assertThat(keepalive.check(now)).isEqualTo(DEAD);
  }

  @ParameterizedTest
  @CsvSource({"2, 9", "3, 12", "8, 15"})
  void givesASlowPathFourRoundTripsButNotForEver(int roundTrip, int deadAfter) {
    keepalive.check(now);
    after(roundTrip);
    keepalive.received(now);
    keepalive.pong(now);
    after(10);
    assertThat(keepalive.check(now)).isEqualTo(PING_DUE);

    after(deadAfter - 1);
    assertThat(keepalive.check(now)).isEqualTo(ALIVE);
    after(1);
    assertThat(keepalive.check(now)).isEqualTo(DEAD);
  }

  @Test
  void takesAnyOctetForASignOfLife() {
    keepalive.check(now);
    answered();
    after(10);
    keepalive.check(now);

    after(8);
    keepalive.received(now);
    after(1.5);
    assertThat(keepalive.check(now)).isEqualTo(ALIVE);
  }

  @Test
  void leavesAPeerThatNeverAnswersPingsToTheKernel() {
    keepalive.check(now);
    for (int second = 1; second <= 200; second++) {
      after(1);
      assertThat(keepalive.check(now)).isEqualTo(second % 10 == 0 ? PING_DUE : ALIVE);
    }
  }

  @Test
  void asksEarlyWhenItSendsAndHearsNothing() {
    keepalive.check(now);
    answered();
    after(5);
    keepalive.received(now);
    keepalive.sent();

    after(1.9);
    assertThat(keepalive.check(now)).isEqualTo(ALIVE);
    after(0.1);
    assertThat(keepalive.check(now)).isEqualTo(PING_DUE);
    after(9);
    assertThat(keepalive.check(now)).isEqualTo(DEAD);
  }

  @Test
  void staysQuietOnAnIdleLink() {
    keepalive.check(now);
    answered();

    after(9);
    assertThat(keepalive.check(now)).isEqualTo(ALIVE);
  }

  @Test
  void judgesAPingOutOfTurnByAPongOrByOctetsFromAfterIt() {
    keepalive.check(now);
    after(0.4);
    keepalive.received(now);
    keepalive.pong(now);

    long asked = now;
    keepalive.asked(asked);
    after(0.4);
    keepalive.received(now);
    assertThat(keepalive.hasAnswered(asked)).as("it may have left before the ping came").isFalse();
    after(0.1);
    keepalive.received(now);
    assertThat(keepalive.hasAnswered(asked)).isTrue();

    asked = now;
    keepalive.asked(asked);
    after(0.2);
    keepalive.pong(now);
    assertThat(keepalive.hasAnswered(asked)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"0.01, 2", "0.5, 2", "0.6, 2.4", "2.5, 10"})
  void givesAPingOutOfTurnFourRoundTripsAndTwoSecondsAtLeast(double roundTrip, double within) {
    keepalive.asked(now);
    after(roundTrip);
    keepalive.pong(now);

    assertThat(keepalive.answerWithin()).isEqualTo((long) (within * 1e9));
  }

  @Test
  void givesAPingOutOfTurnNoMoreThanAnyOther() {
    assertThat(keepalive.answerWithin()).as("its pace is unknown").isEqualTo(DEAD_AFTER);
    keepalive.asked(now);
    after(60);
    keepalive.pong(now);

    assertThat(keepalive.answerWithin()).isEqualTo(DEAD_AFTER_AT_MOST);
  }

  @Test
  void doesNotJudgeAPeerThatNeverAnswers() {
    keepalive.asked(now);
    after(100);
    assertThat(keepalive.hasAnswered(now)).isTrue();
  }

  @Test
  void smoothsTheRoundTripTime() {
    for (double seconds : new double[] {0.8, 1.6}) {
      keepalive.asked(now);
      after(seconds);
      keepalive.received(now);
      keepalive.pong(now);
    }
    assertThat(keepalive.smoothedRttNanos()).isEqualTo(Duration.ofMillis(900).toNanos());
    assertThat(keepalive.answerWithin()).isEqualTo(Duration.ofMillis(3_600).toNanos());
  }
}
