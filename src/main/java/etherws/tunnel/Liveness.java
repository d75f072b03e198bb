package etherws.tunnel;

import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Asks a link's peer by pings whether it lives, once a second if need be and whenever somebody
 * wants to know, and says when it is dead. Owned by the link's event loop.
 */
final class Liveness {
  private static final long CHECK_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long CHECK_STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final Keepalive keepalive;
  private final LinkEgress egress;
  private final EventExecutor loop;
  private final LongSupplier nanoTime;
  private final Consumer<String> dead;
  private boolean quiet = true;

  /**
   * Begins quietly: nothing is asked before {@link #begin}.
   *
   * @param dead told the cause
   */
  Liveness(
      Keepalive keepalive,
      LinkEgress egress,
      EventExecutor loop,
      LongSupplier nanoTime,
      Consumer<String> dead) {
    this.keepalive = keepalive;
    this.egress = egress;
    this.loop = loop;
    this.nanoTime = nanoTime;
    this.dead = dead;
  }

  /** Asks for the first time, and from now on once a second whether it is time to ask again. */
  Future<?> begin() {
    quiet = false;
    check();
    // In step with others, so that a loop with thousands of links doesn't wake up for each of them.
    long step = Math.floorMod(loop.ticker().nanoTime(), CHECK_STEP_NANOS);
    return loop.scheduleAtFixedRate(
        this::check, CHECK_NANOS - step, CHECK_NANOS, TimeUnit.NANOSECONDS);
  }

  /** Asks no more. */
  void end() {
    quiet = true;
  }

  /** Asks now; the peer is dead if it doesn't answer soon. */
  void probe() {
    if (quiet) {
      return;
    }
    long asked = nanoTime.getAsLong();
    keepalive.asked(asked);
    egress.ping();
    loop.schedule(() -> judge(asked), keepalive.answerWithin(), TimeUnit.NANOSECONDS);
  }

  private void judge(long asked) {
    if (!quiet && !keepalive.hasAnswered(asked)) {
      dead.accept("no answer since the network has changed");
    }
  }

  private void check() {
    if (quiet) {
      return;
    }
    if (egress.isStuck()) {
      dead.accept("the peer has stopped to read");
      return;
    }
    switch (keepalive.check(nanoTime.getAsLong())) {
      case ALIVE -> {}
      case PING_DUE -> egress.ping();
      case DEAD -> dead.accept("no sign of life from the peer");
    }
  }
}
