package etherws.cli;

import etherws.linux.LibC;
import etherws.linux.LinuxException;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** Work of this process on one of the demo's hosts. */
final class DemoHost {
  /*
   * A socket or a TAP device belongs to the network namespace of the thread that makes it, setns(2)
   * moves a single thread, and a new thread starts in the namespace of the one that made it.
   */
  private DemoHost() {}

  /** Runs {@code task} on a thread of its own that lives in the namespace. */
  static <T> FutureTask<T> on(String namespace, Callable<T> task) {
    FutureTask<T> future =
        new FutureTask<>(() -> {
          enter(namespace);
          return task.call();
        });
    Thread.ofPlatform().daemon().name("demo " + namespace).start(future);
    return future;
  }

  private static void enter(String namespace) {
    int fd = check(namespace, LibC.open("/run/netns/" + namespace, LibC.O_CLOEXEC));
    try {
      check(namespace, LibC.setns(fd, LibC.CLONE_NEWNET));
    } finally {
      LibC.close(fd);
    }
  }

  private static int check(String namespace, int result) {
    if (result < 0) {
      throw new LinuxException("setns", namespace, -result);
    }
    return result;
  }
}
