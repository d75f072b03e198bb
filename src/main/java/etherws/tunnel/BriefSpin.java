package etherws.tunnel;

import io.netty.channel.SelectStrategy;
import io.netty.channel.SelectStrategyFactory;
import io.netty.util.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Lets an event loop look for more work for a moment before it sleeps. One per loop, which owns it.
 */
final class BriefSpin implements SelectStrategy {
  /*
   * To wake a thread on an idle core takes longer than all that we do for a frame, and an answer
   * often comes within that time. Every look gives the core to whoever else is runnable, so that an
   * otherwise idle core pays for it and nobody else.
   */
  private final long spinNanos;
  private final LongSupplier nanoTime;

  private BriefSpin(long spinNanos, LongSupplier nanoTime) {
    this.spinNanos = spinNanos;
    this.nanoTime = nanoTime;
  }

  static SelectStrategyFactory factory(long spinNanos, LongSupplier nanoTime) {
    return () -> new BriefSpin(spinNanos, nanoTime);
  }

  @Override
  @SuppressWarnings("ThreadPriorityCheck") // to be polite is the point
  public int calculateStrategy(IntSupplier selectNow, boolean hasTasks) throws Exception {
    if (hasTasks) {
      return selectNow.get();
    }
    long end = nanoTime.getAsLong() + spinNanos;
    do {
      int ready = selectNow.get();
      if (ready > 0) {
        return ready;
      }
      Thread.yield();
    } while (nanoTime.getAsLong() < end);
    return SELECT;
  }
}
