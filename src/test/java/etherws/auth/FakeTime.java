package etherws.auth;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;

/** A clock that moves when told to, and runs what falls due on the way. */
final class FakeTime implements LongSupplier, Throttle.Timer {
  private final List<Task> tasks = new ArrayList<>();

  /** Ends up on the other side of the overflow, which System.nanoTime may do as well. */
  private long nanos = Long.MAX_VALUE - Duration.ofSeconds(2).toNanos();

  private long elapsed;

  @Override
  public long getAsLong() {
    return nanos;
  }

  @Override
  public void after(Duration delay, Runnable task) {
    tasks.add(new Task(elapsed + delay.toNanos(), task));
  }

  void advance(Duration by) {
    long end = elapsed + by.toNanos();
    while (true) {
      Task next = tasks.stream().min(Comparator.comparingLong(Task::due)).orElse(null);
      if (next == null || next.due > end) {
        break;
      }
      tasks.remove(next);
      moveTo(next.due);
      next.action.run();
    }
    moveTo(end);
  }

  private void moveTo(long time) {
    nanos += time - elapsed;
    elapsed = time;
  }

  private record Task(long due, Runnable action) {}
}
