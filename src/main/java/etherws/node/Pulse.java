package etherws.node;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/** Whether the node lives: all its event loops take their turns, and its clock ticks. */
final class Pulse {
  /*
   * The clock asks the loops, the last of them that answers has the clock say so. A loop that is
   * stuck leaves the question open, and nothing is said any more until it goes on.
   */
  private final List<? extends Executor> loops;
  private final Executor clock;
  private final Runnable alive;
  private final AtomicInteger unanswered = new AtomicInteger();

  /**
   * @param alive run by the clock
   */
  Pulse(List<? extends Executor> loops, Executor clock, Runnable alive) {
    this.loops = loops;
    this.clock = clock;
    this.alive = alive;
  }

  /** Called by the clock, again and again. */
  void ask() {
    if (unanswered.compareAndSet(0, loops.size())) {
      loops.forEach(loop -> loop.execute(this::answer));
    }
  }

  private void answer() {
    if (unanswered.decrementAndGet() == 0) {
      clock.execute(alive);
    }
  }
}
