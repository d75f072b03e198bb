package etherws.tap;

import etherws.bridge.Attachment;
import etherws.device.FrameReader;
import etherws.device.Watch;
import etherws.linux.LinuxException;
import io.netty.channel.IoEventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;

/** How one device is read: each of its queues by the event loop that it belongs to. */
final class TapIngress {
  private final TapDevice device;
  private final List<Read> reads = new ArrayList<>();
  private final AtomicBoolean gone = new AtomicBoolean();

  /** One queue, the loop it belongs to, and who calls its reader. */
  private record Read(TapQueue queue, IoEventLoop loop, FrameReader reader, Watch watch) {}

  /**
   * @param loops as many as the device has queues, or more
   * @param onGone told once, on the thread that reads, when the device can't be read any more
   */
  TapIngress(
      TapDevice device,
      Attachment attachment,
      List<IoEventLoop> loops,
      Consumer<LinuxException> onGone) {
    this.device = device;
    Consumer<LinuxException> once =
        problem -> {
          if (gone.compareAndSet(false, true)) {
            onGone.accept(problem);
          }
        };
    for (int i = 0; i < device.queues().size(); i++) {
      TapQueue queue = device.queues().get(i);
      IoEventLoop loop = loops.get(i);
      FrameReader reader = new FrameReader(queue, attachment, once);
      reads.add(new Read(queue, loop, reader, Watch.of(loop, queue, reader)));
    }
  }

  TapDevice device() {
    return device;
  }

  /**
   * Once, and not after close. Completes when frames are being read.
   *
   * @param queueOfLoop set to the queue of each loop
   */
  CompletableFuture<Void> start(FastThreadLocal<TapQueue> queueOfLoop) {
    return all(read -> {
      read.loop.execute(() -> queueOfLoop.set(read.queue));
      return read.watch.start();
    });
  }

  /** Ends the reading and closes the device. Idempotent, from any thread. */
  CompletableFuture<Void> close() {
    gone.set(true); // nobody is to be told
    // On a thread of its own: the kernel takes many milliseconds to remove a device.
    return all(read -> read.watch.stop().thenRun(read.reader::close))
        .thenRunAsync(device::close, Thread::startVirtualThread);
  }

  private CompletableFuture<Void> all(Function<Read, CompletableFuture<Void>> step) {
    return CompletableFuture.allOf(reads.stream().map(step).toArray(CompletableFuture<?>[]::new));
  }
}
