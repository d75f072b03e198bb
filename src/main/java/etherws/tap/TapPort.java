package etherws.tap;

import etherws.bridge.Bridge;
import etherws.bridge.Port;
import etherws.frame.EthernetFrame;
import etherws.linux.LinuxException;
import etherws.metrics.DropReason;
import etherws.metrics.PortCounters;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.EpollIoHandle;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The bridge's port on a TAP device, and so on the network of this host. Owns the device. */
public final class TapPort implements Port {
  /*
   * Frames come in on one thread: the event loop if it runs on epoll, else a thread that polls. They
   * go out on whatever thread offers them, straight into the kernel, which never blocks: a TAP has
   * no send queue, it takes a frame or refuses it.
   *
   * So close meets offers that are under way. It stops the reading first, then closes the queue,
   * whose Descriptor turns new writes away and leaves close(2) to the last write inside: no frame
   * can reach a stranger's file that was given the same number.
   */
  private final TapDevice device;
  private final TapQueue queue;
  private final Watch watch;
  private final PortCounters counters = new PortCounters();

  /**
   * A port that takes over {@code device} and is silent until {@link #start}.
   *
   * @param loop the event loop that reads the device, if it runs on epoll
   * @param onGone told once, on the ingress thread, when the device can't be read any more, for
   *     example since it was deleted; close the port then
   */
  public TapPort(
      TapDevice device, Bridge bridge, IoEventLoop loop, Consumer<LinuxException> onGone) {
    this.device = device;
    this.queue = device.queue();
    TapReader reader = new TapReader(queue, bridge, this, onGone);
    this.watch =
        loop.isCompatible(EpollIoHandle.class)
            ? new LoopWatch(loop, queue, reader)
            : new ThreadWatch(queue, reader);
  }

  /** Starts the ingress. Once, and not after {@link #close}. */
  public CompletionStage<Void> start() {
    return watch.start();
  }

  @Override
  public String name() {
    return queue.device();
  }

  @Override
  public PortCounters counters() {
    return counters;
  }

  @Override
  public void offer(EthernetFrame frame) {
    int length = frame.length();
    if (length < EthernetFrame.HEADER_LENGTH) {
      counters.drop(DropReason.RUNT);
    } else if (length > EthernetFrame.MAX_LENGTH) {
      counters.drop(DropReason.GIANT);
    } else if (queue.write(Gather.ofThread().point(frame), Gather.COUNT) < 0) {
      counters.drop(DropReason.DEVICE);
    } else {
      counters.egress(length);
    }
  }

  /**
   * Ends the ingress and closes the device. Idempotent, from any thread. Completes when both are
   * done, but for offers just under way: then it is time to detach the port.
   */
  public CompletionStage<Void> close() {
    // On a thread of its own: the kernel takes many milliseconds to remove a device.
    return watch.stop().thenRunAsync(device::close, Thread::startVirtualThread);
  }
}
