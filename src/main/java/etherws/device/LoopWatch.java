package etherws.device;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** A watch by a Netty epoll loop, among its sockets. All state belongs to the loop. */
final class LoopWatch implements Watch {
  private final IoEventLoop loop;
  private final Handle handle;
  private @Nullable IoRegistration registration;

  LoopWatch(IoEventLoop loop, DeviceFile file, FrameReader reader) {
    this.loop = loop;
    this.handle = new Handle(new FileDescriptor(file.fd()), reader);
  }

  @Override
  public CompletableFuture<Void> start() {
    return CompletableFuture.runAsync(
        () -> {
          registration = loop.register(handle).syncUninterruptibly().getNow();
          registration.submit(EpollIoOps.EPOLLIN);
        },
        loop);
  }

  /** A task of its own even when called on the loop: never in the middle of a batch. */
  @Override
  public CompletableFuture<Void> stop() {
    try {
      return CompletableFuture.runAsync(this::cancel, loop);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedFuture(null); // the loop has shut down and reads no more
    }
  }

  private void cancel() {
    if (registration != null) {
      registration.cancel();
    }
  }

  /**
   * Level-triggered: a batch that left frames behind is called again. Of a device that is gone
   * epoll reports an error for ever, so its registration must go as well.
   */
  private record Handle(FileDescriptor fd, FrameReader reader) implements EpollIoHandle {
    @Override
    public void handle(IoRegistration registration, IoEvent event) {
      if (!reader.readBatch()) {
        registration.cancel();
      }
    }

    /** The loop shuts down. The file is not ours to close. */
    @Override
    public void close() {}
  }
}
