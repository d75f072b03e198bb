package etherws.auth;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Slows guesses: one attempt at a time for each source, and a longer hold after each failure. */
final class Throttle {
  /*
   * Safe from any thread. Each source that has an attempt under way or a failure to its name has a
   * lane; one lock guards them all, and is never held while something is started or answered. An
   * attempt enters, waits in its lane until the lane is free and its hold over, is started, and must
   * then be settled by whoever was asked to start it. No hold is longer than PATIENCE: when a failure
   * makes it so for those who wait, they are told when to come back.
   *
   * The lanes are in the order of their last use, so the first idle one is the one to forget.
   */
  static final Duration FIRST_HOLD = Duration.ofSeconds(1);
  static final Duration LONGEST_HOLD = Duration.ofSeconds(60);
  static final Duration MEMORY = Duration.ofMinutes(10);
  static final int MAX_SOURCES = 10_000;
  static final int MAX_WAITING = 1024;
  static final int MAX_WAITING_PER_SOURCE = 64;

  /** The longest hold that leaves a handshake, which has nine seconds, time for the rest. */
  static final Duration PATIENCE = Duration.ofSeconds(8);

  /** Runs things later. */
  interface Timer {
    void after(Duration delay, Runnable task);
  }

  private final Consumer<Attempt> start;
  private final Timer timer;
  private final LongSupplier nanoTime;
  private final LinkedHashMap<Source, Lane> lanes = new LinkedHashMap<>(16, 0.75f, true);
  private int waiting;
  private boolean closed;

  /**
   * @param start begins the attempt, without blocking; {@link #settle} must follow, on any thread
   */
  Throttle(Consumer<Attempt> start, Timer timer, LongSupplier nanoTime) {
    this.start = start;
    this.timer = timer;
    this.nanoTime = nanoTime;
  }

  /** Starts the attempt when its turn has come, or answers it at once when that is too far off. */
  void enter(Attempt attempt) {
    Lane lane;
    Verdict refusal;
    synchronized (lanes) {
      long now = nanoTime.getAsLong();
      lane = lane(attempt.source(), now);
      refusal = refusal(lane, now);
      if (refusal == null) {
        lane.queue.add(attempt);
        waiting++;
      }
    }
    if (refusal != null) {
      attempt.answer(refusal);
    } else {
      advance(lane);
    }
  }

  /** Answers an attempt that was started, and lets the next one of its source have its turn. */
  void settle(Attempt attempt, Verdict verdict) {
    Lane lane;
    List<Attempt> late = new ArrayList<>();
    Verdict tooMany;
    synchronized (lanes) {
      lane = requireNonNull(lanes.get(attempt.source()));
      lane.busy = false;
      switch (verdict) {
        case Verdict.Accepted _ -> lane.failures = 0;
        case Verdict.Denied _ -> {
          lane.fail(nanoTime.getAsLong());
          lane.moveLateTo(late);
          waiting -= late.size();
        }
        case Verdict.TooMany _, Verdict.Busy _ -> {}
      }
      tooMany = new Verdict.TooMany(holdAfter(lane.failures));
      if (lane.failures == 0 && lane.idle()) {
        lanes.remove(attempt.source());
      }
    }
    attempt.answer(verdict);
    for (Attempt tooLate : late) {
      tooLate.answer(tooMany);
    }
    advance(lane);
  }

  /** Answers all that wait, and from now on all that come. What was started must still settle. */
  void close() {
    List<Attempt> refused = new ArrayList<>();
    synchronized (lanes) {
      closed = true;
      for (Lane lane : lanes.values()) {
        refused.addAll(lane.queue);
        lane.queue.clear();
      }
      waiting = 0;
    }
    for (Attempt attempt : refused) {
      attempt.answer(new Verdict.Busy());
    }
  }

  /** Sources remembered at the moment. */
  int size() {
    synchronized (lanes) {
      return lanes.size();
    }
  }

  private void advance(Lane lane) {
    Attempt next;
    synchronized (lanes) {
      if (lane.busy || lane.queue.isEmpty()) {
        return;
      }
      long holdNanos = lane.holdNanos(nanoTime.getAsLong());
      if (holdNanos > 0) {
        if (!lane.timed) {
          lane.timed = true;
          timer.after(Duration.ofNanos(holdNanos), () -> wake(lane));
        }
        return;
      }
      next = lane.queue.remove();
      waiting--;
      lane.busy = true;
    }
    start.accept(next);
  }

  private void wake(Lane lane) {
    synchronized (lanes) {
      lane.timed = false;
    }
    advance(lane);
  }

  private @Nullable Verdict refusal(Lane lane, long now) {
    long holdNanos = lane.holdNanos(now);
    if (closed) {
      return new Verdict.Busy();
    }
    if (holdNanos == 0 && lane.idle()) {
      return null;
    }
    if (holdNanos > PATIENCE.toNanos()) {
      return new Verdict.TooMany(Duration.ofNanos(holdNanos));
    }
    if (lane.queue.size() >= MAX_WAITING_PER_SOURCE) {
      return new Verdict.TooMany(FIRST_HOLD.plusNanos(holdNanos));
    }
    return waiting >= MAX_WAITING ? new Verdict.Busy() : null;
  }

  private Lane lane(Source source, long now) {
    Lane lane = lanes.get(source);
    if (lane == null) {
      forget(now);
      lane = new Lane();
      lanes.put(source, lane);
    } else if (lane.forgettable(now)) {
      lane.failures = 0;
    }
    return lane;
  }

  /** Removes the eldest lanes: what is too old to count, and one more if there is no room. */
  private void forget(long now) {
    boolean full = lanes.size() >= MAX_SOURCES;
    for (Iterator<Lane> eldest = lanes.values().iterator(); eldest.hasNext(); ) {
      Lane lane = eldest.next();
      if (lane.forgettable(now)) {
        eldest.remove();
        full = false;
      } else if (!full) {
        return;
      } else if (lane.idle()) {
        eldest.remove();
        return;
      }
    }
  }

  private static Duration holdAfter(int failures) {
    Duration hold = FIRST_HOLD.multipliedBy(1L << Math.clamp(failures - 1, 0, 30));
    return hold.compareTo(LONGEST_HOLD) < 0 ? hold : LONGEST_HOLD;
  }

  private static final class Lane {
    final Queue<Attempt> queue = new ArrayDeque<>();
    boolean busy;
    boolean timed;
    int failures;
    long failedNanos;

    boolean idle() {
      return !busy && queue.isEmpty();
    }

    boolean forgettable(long now) {
      return idle() && now - failedNanos > MEMORY.toNanos();
    }

    void fail(long now) {
      failures++;
      failedNanos = now;
    }

    long holdNanos(long now) {
      return failures == 0 ? 0 : Math.max(0, holdAfter(failures).toNanos() - (now - failedNanos));
    }

    void moveLateTo(List<Attempt> late) {
      for (Iterator<Attempt> waiting = queue.iterator(); waiting.hasNext(); ) {
        Attempt attempt = waiting.next();
        if (holdNanos(attempt.arrivedNanos()) > PATIENCE.toNanos()) {
          waiting.remove();
          late.add(attempt);
        }
      }
    }
  }
}
