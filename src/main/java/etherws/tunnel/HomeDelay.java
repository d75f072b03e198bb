package etherws.tunnel;

import java.util.concurrent.TimeUnit;

/**
 * How long a spoke stays with a hub that is not its first before it dials the better ones again: 5
 * s, doubled for each time in vain up to a minute, and up to 5 min for each time that it came home
 * and lost the first hub within a minute.
 */
final class HomeDelay {
  private static final long LEAST = TimeUnit.SECONDS.toNanos(5);
  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
  private static final long MOST = TimeUnit.MINUTES.toNanos(5);

  private long nanos = LEAST;

  /** None of the better hubs was there. */
  void failed() {
    nanos = Math.max(nanos, Math.min(2 * nanos, MINUTE));
  }

  /** A link to the hub of that index was lost. */
  void lost(int index, long lived) {
    if (index == 0) {
      nanos = lived < MINUTE ? Math.min(2 * nanos, MOST) : LEAST;
    }
  }

  long nanos() {
    return nanos;
  }
}
