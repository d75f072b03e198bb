package etherws.auth;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** A pool whose one thread is the test, and whose queue is as long as the test says. */
final class FakePool extends AbstractExecutorService {
  private final Queue<Runnable> queue = new ArrayDeque<>();
  private final int capacity;
  private boolean shutdown;

  FakePool(int capacity) {
    this.capacity = capacity;
  }

  @Override
  public void execute(Runnable task) {
    if (shutdown || queue.size() == capacity) {
      throw new RejectedExecutionException();
    }
    queue.add(task);
  }

  int queued() {
    return queue.size();
  }

  /** Runs what is queued, and what that queues. */
  void run() {
    for (Runnable task = queue.poll(); task != null; task = queue.poll()) {
      task.run();
    }
  }

  @Override
  public void shutdown() {
    shutdown = true;
  }

  @Override
  public List<Runnable> shutdownNow() {
    shutdown = true;
    List<Runnable> left = List.copyOf(queue);
    queue.clear();
    return left;
  }

  @Override
  public boolean isShutdown() {
    return shutdown;
  }

  @Override
  public boolean isTerminated() {
    return shutdown && queue.isEmpty();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return isTerminated();
  }
}
