package etherws.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ThrottleTest {
  private static final Source SOURCE = new Source(false, 1);
  private static final Source OTHER = new Source(false, 2);
  private static final Verdict ACCEPTED = new Verdict.Accepted(new Identity("alice", 0));
  private static final Verdict DENIED = new Verdict.Denied();
  private static final Verdict BUSY = new Verdict.Busy();
  private static final Duration NANO = Duration.ofNanos(1);

  private final FakeTime time = new FakeTime();
  private final List<Attempt> started = new ArrayList<>();
  private final Throttle throttle = new Throttle(started::add, time, time);

  @Test
  void startsTheFirstAttemptAtOnce() {
    Attempt attempt = enter(SOURCE);
    assertThat(started).containsExactly(attempt);

    throttle.settle(attempt, ACCEPTED);
    assertThat(verdict(attempt)).isCompletedWithValue(ACCEPTED);
    assertThat(throttle.size()).as("nothing to remember").isZero();
  }

  @Test
  void startsTheFirstAttemptAtOnceWhereverTheClockStands() {
    time.advance(Duration.ofMinutes(1)); // past the overflow
    Attempt attempt = enter(SOURCE);
    assertThat(started).containsExactly(attempt);
  }

  @Test
  void holdsTheNextAttemptForASecondAfterAFailure() {
    fail(SOURCE);
    Attempt next = enter(SOURCE);

    time.advance(Duration.ofSeconds(1).minus(NANO));
    assertThat(started).isEmpty();

    time.advance(NANO);
    assertThat(started).containsExactly(next);
  }

  @Test
  void startsAnAttemptAtOnceWhenTheHoldIsOver() {
    fail(SOURCE);
    time.advance(Duration.ofSeconds(1));
    Attempt next = enter(SOURCE);
    assertThat(started).containsExactly(next);
  }

  @Test
  void doublesTheHoldWithEachFailureUpToAMinute() {
    for (int seconds : new int[] {1, 2, 4, 8, 16, 32, 60, 60, 60}) {
      fail(SOURCE);
      time.advance(Duration.ofSeconds(seconds).minus(NANO));
      Attempt held = enter(SOURCE);
      assertThat(started).as("%d s", seconds).isEmpty();
      time.advance(NANO);
      assertThat(started).as("%d s", seconds).containsExactly(held);
      throttle.settle(held, BUSY);
      started.clear();
    }
  }

  @Test
  void refusesAtOnceWhatWouldBeHeldForTooLong() {
    for (int i = 0; i < 5; i++) {
      fail(SOURCE);
      time.advance(Duration.ofSeconds(i < 4 ? 8 : 0));
    }
    assertThat(verdict(enter(SOURCE))).isCompletedWithValue(tooMany(16));
    time.advance(Duration.ofSeconds(3));
    assertThat(verdict(enter(SOURCE))).isCompletedWithValue(tooMany(13));

    time.advance(Duration.ofSeconds(5));
    Attempt held = enter(SOURCE);
    assertThat(verdict(held)).isNotDone();
    time.advance(Duration.ofSeconds(8));
    assertThat(started).containsExactly(held);
  }

  @Test
  void startsAfreshAfterASuccess() {
    fail(SOURCE);
    fail(SOURCE);
    time.advance(Duration.ofSeconds(2));
    settle(enter(SOURCE), ACCEPTED);

    Attempt next = enter(SOURCE);
    assertThat(started).containsExactly(next);
    settle(next, DENIED);
    Attempt held = enter(SOURCE);
    time.advance(Duration.ofSeconds(1));
    assertThat(started).containsExactly(held);
  }

  @Test
  void doesNotSlowOtherSources() {
    fail(SOURCE);
    enter(SOURCE);
    Attempt other = enter(OTHER);
    assertThat(started).containsExactly(other);
  }

  @Test
  void runsAttemptsOfOneSourceOneAtATimeInOrder() {
    List<Attempt> attempts = List.of(enter(SOURCE), enter(SOURCE), enter(SOURCE));
    for (Attempt attempt : attempts) {
      assertThat(started).containsExactly(attempt);
      settle(attempt, ACCEPTED);
    }
    assertThat(throttle.size()).isZero();
  }

  @Test
  void aVolleyOfGuessesGetsNoMoreTriesThanOneAfterTheOther() {
    List<Attempt> volley = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      volley.add(enter(SOURCE));
    }
    int tries = 0;
    for (int seconds = 0; seconds < 20; seconds++) {
      while (!started.isEmpty()) {
        tries++;
        settle(started.getFirst(), DENIED);
      }
      time.advance(Duration.ofSeconds(1));
    }
    assertThat(tries).as("at 0, 1, 3 and 7 s").isEqualTo(4);
    assertThat(volley).allSatisfy(attempt -> assertThat(verdict(attempt)).isDone());
    assertThat(verdict(volley.getLast())).isCompletedWithValue(tooMany(8));
  }

  @Test
  void boundsTheQueueOfASource() {
    for (int i = 0; i <= Throttle.MAX_WAITING_PER_SOURCE; i++) {
      assertThat(verdict(enter(SOURCE))).isNotDone();
    }
    assertThat(verdict(enter(SOURCE))).isCompletedWithValue(tooMany(1));

    settle(started.getFirst(), ACCEPTED);
    assertThat(verdict(enter(SOURCE))).isNotDone();
  }

  @Test
  void boundsTheQueuesOfAllSourcesButNotWhatNeedsNoQueue() {
    int sources = Throttle.MAX_WAITING / Throttle.MAX_WAITING_PER_SOURCE;
    for (int source = 0; source < sources; source++) {
      for (int i = 0; i <= Throttle.MAX_WAITING_PER_SOURCE; i++) {
        assertThat(verdict(enter(new Source(true, source)))).isNotDone();
      }
    }
    assertThat(verdict(enter(SOURCE))).isNotDone();
    assertThat(verdict(enter(SOURCE))).isCompletedWithValue(BUSY);

    settle(started.getFirst(), ACCEPTED);
    assertThat(verdict(enter(SOURCE))).as("one has been started").isNotDone();
  }

  @Test
  void countsWhatItSendsAwayAsNoLongerWaiting() {
    for (int volley = 0; volley < Throttle.MAX_WAITING; volley++) {
      Source source = new Source(true, volley);
      for (int i = 0; i < 6; i++) {
        assertThat(verdict(enter(source))).isNotDone();
      }
      for (int seconds = 0; seconds < 8; seconds++) {
        while (!started.isEmpty()) {
          settle(started.getFirst(), DENIED);
        }
        time.advance(Duration.ofSeconds(1));
      }
    }
  }

  @Test
  void aCheckThatDidNotHappenIsNoFailure() {
    settle(enter(SOURCE), BUSY);
    Attempt next = enter(SOURCE);
    assertThat(started).containsExactly(next);
  }

  @Test
  void forgetsFailuresAfterTenMinutes() {
    for (int i = 0; i < 8; i++) {
      fail(SOURCE);
      time.advance(Duration.ofMinutes(1));
    }
    time.advance(Duration.ofMinutes(9).plus(NANO));
    settle(enter(SOURCE), DENIED);
    Attempt next = enter(SOURCE);
    time.advance(Duration.ofSeconds(1));
    assertThat(started).containsExactly(next);
  }

  @Test
  void dropsForgottenSourcesWhenANewOneComes() {
    for (int i = 0; i < 100; i++) {
      fail(new Source(true, i));
    }
    assertThat(throttle.size()).isEqualTo(100);
    time.advance(Duration.ofMinutes(10).plus(NANO));
    enter(SOURCE);
    assertThat(throttle.size()).isEqualTo(1);
  }

  @Test
  void remembersTenThousandSourcesAndEvictsTheOldest() {
    fail(SOURCE);
    fail(OTHER);
    for (int i = 2; i < Throttle.MAX_SOURCES; i++) {
      fail(new Source(true, i));
    }
    time.advance(Duration.ofSeconds(1));
    settle(enter(SOURCE), DENIED); // seen again, so no longer the oldest

    fail(new Source(true, 0));
    assertThat(throttle.size()).isEqualTo(Throttle.MAX_SOURCES);
    enter(SOURCE);
    assertThat(started).as("still slowed").isEmpty();
    Attempt evicted = enter(OTHER);
    assertThat(started).containsExactly(evicted);
  }

  @Test
  void neverEvictsASourceWithAnAttemptUnderWay() {
    Attempt running = enter(SOURCE);
    Attempt waiting = enter(SOURCE);
    started.clear();
    for (int i = 0; i < Throttle.MAX_SOURCES + 10; i++) {
      fail(new Source(true, i));
    }
    settle(running, DENIED);
    assertThat(started).as("still slowed").isEmpty();
    time.advance(Duration.ofSeconds(1));
    assertThat(started).containsExactly(waiting);
  }

  @Test
  void answersEverybodyWhenItCloses() {
    Attempt running = enter(SOURCE);
    Attempt waiting = enter(SOURCE);
    fail(OTHER);
    Attempt held = enter(OTHER);

    throttle.close();
    assertThat(verdict(waiting)).isCompletedWithValue(BUSY);
    assertThat(verdict(held)).isCompletedWithValue(BUSY);
    assertThat(verdict(enter(new Source(true, 3)))).isCompletedWithValue(BUSY);

    settle(running, ACCEPTED);
    assertThat(verdict(running)).isCompletedWithValue(ACCEPTED);
    time.advance(Duration.ofMinutes(1));
    assertThat(started).isEmpty();
  }

  private Attempt enter(Source source) {
    Attempt attempt = new Attempt(source, new Credentials("alice", new byte[0]), time.getAsLong());
    throttle.enter(attempt);
    return attempt;
  }

  private void settle(Attempt attempt, Verdict verdict) {
    started.remove(attempt);
    throttle.settle(attempt, verdict);
  }

  /** One wrong guess, as soon as it is heard. */
  private void fail(Source source) {
    Attempt attempt = enter(source);
    while (!started.contains(attempt)) {
      assertThat(verdict(attempt)).isNotDone();
      time.advance(Duration.ofSeconds(1));
    }
    settle(attempt, DENIED);
  }

  private static CompletableFuture<Verdict> verdict(Attempt attempt) {
    return attempt.verdict().toCompletableFuture();
  }

  private static Verdict tooMany(int seconds) {
    return new Verdict.TooMany(Duration.ofSeconds(seconds));
  }
}
