package etherws.bridge;

import java.util.concurrent.atomic.AtomicLong;

/** Lets so many of something pass in a second, and a burst of them at once. Any thread. */
final class TokenBucket {
  /*
   * The generic cell rate algorithm: one number, the time at which the bucket will be full again.
   * What passes moves it on by what it costs, and may not move it further than a burst from now.
   * Changed by compare-and-set, so no thread waits for another.
   */
  private static final long SECOND = 1_000_000_000L;

  private final long rate;
  private final long burstNanos;
  private final AtomicLong full;

  /**
   * A bucket that is full at {@code now}.
   *
   * @param rate tokens per second
   * @param burst tokens it holds
   */
  TokenBucket(long rate, long burst, long now) {
    this.rate = rate;
    this.burstNanos = nanos(burst);
    this.full = new AtomicLong(now);
  }

  /** Takes the tokens, or none and says false. */
  boolean take(long tokens, long now) {
    long cost = nanos(tokens);
    while (true) {
      long before = full.get();
      long after = (before - now > 0 ? before : now) + cost;
      if (after - now > burstNanos) {
        return false;
      }
      if (full.compareAndSet(before, after)) {
        return true;
      }
    }
  }

  /** How long so many take to come. Without overflow up to 9.2 billion tokens. */
  private long nanos(long tokens) {
    return tokens < Long.MAX_VALUE / SECOND
        ? tokens * SECOND / rate
        : (long) ((double) tokens / rate * SECOND);
  }
}
