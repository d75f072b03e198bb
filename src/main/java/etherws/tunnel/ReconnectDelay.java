package etherws.tunnel;

import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * How long a spoke waits before it dials again: full jitter over a sixth of the outage so far, the
 * window being at least 1 s and at most 30 s.
 *
 * <p>Growing with the outage and not with the number of tries, a refused dial (over in a
 * millisecond) and one that times out lead to the same pace, and an outage grows by a sixth at
 * most.
 */
final class ReconnectDelay {
  private static final long MIN_WINDOW = TimeUnit.SECONDS.toNanos(1);
  private static final long MAX_WINDOW = TimeUnit.SECONDS.toNanos(30);

  private ReconnectDelay() {}

  /** Nanoseconds to wait, {@code outageNanos} after the link was lost. */
  static long nanos(long outageNanos, RandomGenerator random) {
    return random.nextLong(Math.clamp(outageNanos / 6, MIN_WINDOW, MAX_WINDOW));
  }
}
