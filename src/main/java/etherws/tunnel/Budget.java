package etherws.tunnel;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many octets all links of a process together may keep waiting for peers that don't read fast
 * enough. Safe from any thread; links take and give back in large pieces.
 */
final class Budget {
  /*
   * A link may take as much as it leaves to all others (dynamic thresholds, Choudhury and Hahne): one
   * that is stuck gets all it may have, and hundreds get so little that something is left for those
   * to come. What is in the channels counts too, but isn't refused: it only makes the budget tight.
   */
  private static final AttributeKey<Budget> KEY = AttributeKey.valueOf(Budget.class, "all links");

  /** Of the heap, and so of the direct memory that the JVM allows by default: 1 / SHARE. */
  private static final int SHARE = 4;

  private final long octets;
  private final AtomicLong taken = new AtomicLong();

  Budget(long octets) {
    this.octets = octets;
  }

  /** What the memory of this process allows. */
  static Budget ofProcess() {
    return new Budget(Runtime.getRuntime().maxMemory() / SHARE);
  }

  /** That of the channel's process; a test's channel has one for itself. */
  static Budget of(Channel channel) {
    Budget budget = channel.attr(KEY).get();
    return budget == null ? ofProcess() : budget;
  }

  static AttributeKey<Budget> key() {
    return KEY;
  }

  /** Takes {@code more} for one that has {@code already}, or nothing and is false. */
  boolean take(long more, long already) {
    long left = octets - taken.addAndGet(more);
    if (already + more <= left) {
      return true;
    }
    taken.addAndGet(-more);
    return false;
  }

  /** Counts what is there already; a negative number gives back. */
  void count(long more) {
    taken.addAndGet(more);
  }

  /** Whether so much waits that everybody had better keep less. */
  boolean isTight() {
    return taken.get() > octets / 2;
  }

  long taken() {
    return taken.get();
  }
}
