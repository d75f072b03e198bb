package etherws.node;

import etherws.linux.LibC;
import io.netty.channel.IoEventLoop;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which threads go first when the cores are busy: those that frames wait for. */
final class Niceness {
  private static final Logger log = LoggerFactory.getLogger(Niceness.class);

  /*
   * Linux keeps niceness per thread. A loop that has to wait for its turn behind programs that
   * compute lets every frame wait, for milliseconds; it gives the core back as soon as no frame is
   * there. The JIT compilers have most to do just when traffic begins, and must not stop it.
   */
  private static final int LOOPS = -10;
  private static final int COMPILERS = 5;

  private static final Path THREADS = Path.of("/proc/self/task");
  private static final int THIS_THREAD = 0;

  private Niceness() {}

  /** Needs CAP_SYS_NICE; without it all stays as it is. */
  static void raise(List<IoEventLoop> loops) {
    for (IoEventLoop loop : loops) {
      loop.execute(() -> {
        int result = LibC.setpriority(LibC.PRIO_PROCESS, THIS_THREAD, LOOPS);
        if (result < 0) {
          log.debug("event loops run at the usual priority (errno {})", -result);
        }
      });
    }
  }

  /**
   * Daemon threads at the usual priority, whoever starts them: a thread inherits the niceness of
   * the one that starts it, which may be a loop.
   */
  static ThreadFactory atEase(String name) {
    ThreadFactory threads = Thread.ofPlatform().daemon().name(name, 0).factory();
    return work ->
        threads.newThread(() -> {
          LibC.setpriority(LibC.PRIO_PROCESS, THIS_THREAD, 0);
          work.run();
        });
  }

  /** Anybody may be nicer. */
  static void lowerCompilers() {
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(THREADS)) {
      for (Path thread : threads) {
        String name = Files.readString(thread.resolve("comm"));
        if (name.startsWith("C1 Comp") || name.startsWith("C2 Comp")) {
          int id = Integer.parseInt(thread.getFileName().toString());
          LibC.setpriority(LibC.PRIO_PROCESS, id, COMPILERS);
        }
      }
    } catch (IOException e) {
      log.debug("compilers run at the usual priority ({})", e.toString());
    }
  }
}
