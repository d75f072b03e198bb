package etherws.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import etherws.linux.LibC;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NicenessTest {
  private static final Path THIS_THREAD = Path.of("/proc/thread-self/stat");

  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final IoEventLoop loop = (IoEventLoop) loops.iterator().next();

  @AfterEach
  void stopLoops() {
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @Test
  void raisesLoopsButNotWhatTheyStart() throws Exception {
    assumeTrue(LibC.geteuid() == 0, "only root may go before others");
    Niceness.raise(List.of(loop));
    CompletableFuture<Integer> started = new CompletableFuture<>();
    int ofLoop =
        loop.submit(
                () -> {
                  Niceness.atEase("easy-").newThread(() -> started.complete(niceness())).start();
                  return niceness();
                })
            .get();

    assertThat(ofLoop).isEqualTo(-10);
    assertThat(started.get(10, TimeUnit.SECONDS)).isZero();
  }

  @Test
  void lowersTheCompilers() throws Exception {
    Niceness.lowerCompilers();

    try (var threads = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
      for (Path thread : threads) {
        if (Files.readString(thread.resolve("comm")).startsWith("C2 Comp")) {
          assertThat(niceness(thread.resolve("stat"))).isEqualTo(5);
        }
      }
    }
  }

  private static int niceness() {
    return niceness(THIS_THREAD);
  }

  /** The 19th field; the second is a name in brackets that may have blanks. */
  private static int niceness(Path stat) {
    try {
      String line = Files.readString(stat);
      return Integer.parseInt(line.substring(line.lastIndexOf(')') + 2).split(" ", -1)[16]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
