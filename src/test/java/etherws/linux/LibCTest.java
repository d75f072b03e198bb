package etherws.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibCTest {
  private static final int BAD_FD = -1;

  @TempDir private Path directory;

  @Test
  void everyCallAnswersItsErrorAsMinusErrno() {
    int ebadf = -Errno.EBADF.number();

    assertThat(LibC.open("/nonexistent", LibC.O_RDWR)).isEqualTo(-Errno.ENOENT.number());
    assertThat(LibC.chdir("/nonexistent")).isEqualTo(-Errno.ENOENT.number());
    assertThat(LibC.close(BAD_FD)).isEqualTo(ebadf);
    assertThat(LibC.read(BAD_FD, 0, 0)).isEqualTo(ebadf);
    assertThat(LibC.write(BAD_FD, 0, 0)).isEqualTo(ebadf);
    assertThat(LibC.writev(BAD_FD, 0, 0)).isEqualTo(ebadf);
    assertThat(LibC.ioctl(BAD_FD, 0, 0)).isEqualTo(ebadf);
    assertThat(LibC.dup2(BAD_FD, 0)).isEqualTo(ebadf);
    assertThat(LibC.bind(BAD_FD, 0, 0)).isEqualTo(ebadf);
    assertThat(LibC.recvmsg(BAD_FD, 0, 0)).isEqualTo(ebadf);
    assertThat(LibC.setsockopt(BAD_FD, 0, 0, 0, 0)).isEqualTo(ebadf);
    assertThat(LibC.poll(0, 1, 0)).isEqualTo(-Errno.EFAULT.number());
    assertThat(LibC.eventfd(0, -1)).isEqualTo(-Errno.EINVAL.number());
    assertThat(LibC.socket(LibC.AF_INET, -1, 0)).isEqualTo(-Errno.EINVAL.number());
  }

  @Test
  void writesAndReadsWhatAFileHolds() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocateFrom("frame");
      MemorySegment iovec = arena.allocateFrom(JAVA_LONG, text.address(), 2, text.address() + 2, 3);
      int fd = LibC.open(file.toString(), LibC.O_RDWR | LibC.O_CLOEXEC);

      assertThat(LibC.writev(fd, iovec.address(), 2)).isEqualTo(5);
      assertThat(LibC.write(fd, text.address(), 1)).isEqualTo(1);
      assertThat(LibC.read(fd, text.address(), 5)).isZero();
      assertThat(LibC.close(fd)).isZero();

      assertThat(file).hasContent("framef");
    }
  }

  @Test
  void dup2LeadsOneDescriptorToTheFileOfAnother() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    try (Arena arena = Arena.ofConfined()) {
      int counter = LibC.eventfd(7, LibC.EFD_CLOEXEC | LibC.EFD_NONBLOCK);
      int fd = LibC.open(file.toString(), LibC.O_RDWR | LibC.O_CLOEXEC);

      assertThat(LibC.dup2(counter, fd)).isEqualTo(fd);

      MemorySegment value = arena.allocate(JAVA_LONG);
      assertThat(LibC.read(fd, value.address(), Long.BYTES)).isEqualTo(Long.BYTES);
      assertThat(value.get(JAVA_LONG, 0)).isEqualTo(7);
      LibC.close(fd);
      LibC.close(counter);
    }
  }

  @Test
  void pollTellsWhichDescriptorIsReadable() {
    try (Arena arena = Arena.ofConfined()) {
      int counter = LibC.eventfd(1, LibC.EFD_CLOEXEC);
      MemorySegment pollfd = arena.allocateFrom(JAVA_INT, counter, LibC.POLLIN);

      assertThat(LibC.poll(pollfd.address(), 1, 0)).isEqualTo(1);
      assertThat(pollfd.getAtIndex(JAVA_INT, 1) >>> 16).isEqualTo(LibC.POLLIN);

      LibC.read(counter, arena.allocate(JAVA_LONG).address(), Long.BYTES);
      assertThat(LibC.poll(pollfd.address(), 1, 0)).isZero();
      LibC.close(counter);
    }
  }

  @Test
  void knowsTheEffectiveUser() throws Exception {
    assertThat(LibC.geteuid()).isEqualTo(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
  }

  @Test
  void syslogTakesAMessageThatLooksLikeAFormat() {
    LibC.openlog("etherws-test", LibC.LOG_PID, LibC.LOG_DAEMON);
    LibC.syslog(LibC.LOG_DEBUG, "100%s %n done");
  }

  /** Two threads that fail in different ways at once must each see their own error. */
  @Test
  void errnoBelongsToTheThread() throws Exception {
    CyclicBarrier together = new CyclicBarrier(2);
    Callable<Boolean> enoent =
        () -> always(together, () -> LibC.open("/nonexistent", 0) == -Errno.ENOENT.number());
    Callable<Boolean> ebadf =
        () -> always(together, () -> LibC.close(BAD_FD) == -Errno.EBADF.number());
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      for (Future<Boolean> result : threads.invokeAll(List.of(enoent, ebadf))) {
        assertThat(result.get()).isTrue();
      }
    }
  }

  private static boolean always(CyclicBarrier together, Callable<Boolean> claim) throws Exception {
    together.await();
    boolean held = true;
    for (int i = 0; i < 20_000; i++) {
      held &= claim.call();
    }
    return held;
  }
}
