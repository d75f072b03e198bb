package etherws.device;

import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.EpollIoHandle;
import java.util.concurrent.CompletableFuture;

/** Calls a reader whenever its file has frames. */
public interface Watch {
  /** By the loop among its sockets if it can, else by a thread that polls. */
  static Watch of(IoEventLoop loop, DeviceFile file, FrameReader reader) {
    return loop.isCompatible(EpollIoHandle.class)
        ? new LoopWatch(loop, file, reader)
        : new ThreadWatch(file, reader);
  }

  /** Once, and not after stop. Completes when frames are being read. */
  CompletableFuture<Void> start();

  /** Idempotent, from any thread. Completes when nobody will read any more. */
  CompletableFuture<Void> stop();
}
