package etherws.device;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import etherws.linux.Descriptor;
import etherws.linux.Errno;
import etherws.linux.LibC;
import etherws.linux.LinuxException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** A watch by a thread of its own, for loops that can't take a descriptor (Netty's NIO). */
final class ThreadWatch implements Watch {
  /*
   * struct pollfd {
   *   int   fd;         // 0
   *   short events;     // 4
   *   short revents;    // 6
   * } fds[2];           // the file; an eventfd, on which stop writes to end the wait
   */
  private static final int SECOND = 8;
  private static final int EVENTS = 4;
  private static final int REVENTS = 6;

  private final DeviceFile file;
  private final FrameReader reader;
  private final Descriptor wake;
  private final AtomicBoolean begun = new AtomicBoolean();
  private final CompletableFuture<Void> quiet = new CompletableFuture<>();

  ThreadWatch(DeviceFile file, FrameReader reader) {
    this.file = file;
    this.reader = reader;
    int fd = LibC.eventfd(0, LibC.EFD_CLOEXEC | LibC.EFD_NONBLOCK);
    if (fd < 0) {
      throw new LinuxException("eventfd", file.device(), -fd);
    }
    this.wake = new Descriptor(fd);
  }

  @Override
  public CompletableFuture<Void> start() {
    if (begun.getAndSet(true)) {
      throw new IllegalStateException("started twice, or after stop");
    }
    Thread.ofPlatform().daemon().name(file.device()).start(this::run);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletableFuture<Void> stop() {
    if (!begun.getAndSet(true)) {
      wake.close();
      quiet.complete(null);
    }
    try (Arena arena = Arena.ofConfined()) {
      wake.write(arena.allocateFrom(JAVA_LONG, 1).address(), Long.BYTES);
    }
    return quiet;
  }

  private void run() {
    try (Arena arena = Arena.ofConfined();
        wake) {
      MemorySegment fds = arena.allocate(2 * SECOND);
      watch(fds, 0, file.fd());
      watch(fds, SECOND, wake.number());
      boolean alive = true;
      while (alive && fds.get(JAVA_SHORT, SECOND + REVENTS) == 0) {
        int ready = LibC.poll(fds.address(), 2, -1);
        alive = ready == -Errno.EINTR.number() || reader.readBatch();
      }
    }
    quiet.complete(null);
  }

  private static void watch(MemorySegment fds, int offset, int fd) {
    fds.set(JAVA_INT, offset, fd);
    fds.set(JAVA_SHORT, offset + EVENTS, LibC.POLLIN);
  }
}
