package etherws.tap;

import etherws.bridge.Attachment;
import etherws.bridge.Bridge;
import etherws.bridge.Port;
import etherws.bridge.PortPolicy;
import etherws.device.FrameReader;
import etherws.device.Gather;
import etherws.device.Watch;
import etherws.frame.EthernetFrame;
import etherws.linux.LinuxException;
import etherws.metrics.DropReason;
import etherws.metrics.PortCounters;
import io.netty.channel.IoEventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The bridge's port on a TAP device, and so on the network of this host. Owns the device. */
public final class TapPort implements Port {
  /*
   * Every queue of the device belongs to one event loop, which reads it and writes to it: the kernel
   * hands a flow's frames to the queue that the flow was last written to, so a link and the frames
   * for it share a loop. Without epoll a thread per queue polls. Other threads write to the first
   * queue. A write goes straight into the kernel and never blocks: a TAP has no send queue, it takes
   * a frame or refuses it.
   *
   * So close meets offers that are under way. It stops the reading first, then closes the queues,
   * whose Descriptors turn new writes away and leave close(2) to the last write inside: no frame
   * can reach a stranger's file that was given the same number.
   *
   * The kernel never looks at the size of a super-frame's segments, not even where it forwards them to
   * devices that can't send any so long. So we do, by an MTU that is read again every second.
   */
  private static final long MTU_CHECK_MILLIS = 1_000;

  private final TapDevice device;
  private final Attachment attachment;
  private final List<Ingress> ingresses = new ArrayList<>();
  private final FastThreadLocal<TapQueue> queueOfLoop = new FastThreadLocal<>();
  private final PortCounters counters = new PortCounters();
  private final AtomicBoolean gone = new AtomicBoolean();
  private volatile int mtu;
  private volatile @Nullable Future<?> mtuChecks;

  /** One queue, the loop it belongs to, and who calls its reader. */
  private record Ingress(TapQueue queue, IoEventLoop loop, FrameReader reader, Watch watch) {}

  /**
   * A port of {@code bridge} that takes over {@code device}; nothing comes in until {@link #start}.
   *
   * @param loops as many as the device has queues, or more
   * @param onGone told once, on an ingress thread, when the device can't be read any more, for
   *     example since it was deleted; close the port then
   */
  public TapPort(
      TapDevice device,
      Bridge bridge,
      PortPolicy policy,
      List<IoEventLoop> loops,
      Consumer<LinuxException> onGone) {
    this.device = device;
    this.attachment = bridge.attach(this, policy);
    this.mtu = device.mtu();
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
      ingresses.add(new Ingress(queue, loop, reader, Watch.of(loop, queue, reader)));
    }
  }

  /** Starts the ingress. Once, and not after {@link #close}. */
  public CompletionStage<Void> start() {
    mtuChecks =
        ingresses
            .getFirst()
            .loop
            .scheduleAtFixedRate(
                this::readMtu, MTU_CHECK_MILLIS, MTU_CHECK_MILLIS, TimeUnit.MILLISECONDS);
    return all(ingress -> {
      ingress.loop.execute(() -> queueOfLoop.set(ingress.queue));
      return ingress.watch.start();
    });
  }

  private void readMtu() {
    try {
      mtu = device.mtuNow();
    } catch (LinuxException e) {
      // Moved to another network namespace, or about to close: what we know stays.
    }
  }

  private CompletableFuture<Void> all(Function<Ingress, CompletableFuture<Void>> step) {
    return CompletableFuture.allOf(
        ingresses.stream().map(step).toArray(CompletableFuture<?>[]::new));
  }

  public Attachment attachment() {
    return attachment;
  }

  @Override
  public String name() {
    return device.name();
  }

  @Override
  public int mtu() {
    return mtu;
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
    } else if (length > EthernetFrame.MAX_LENGTH
        || (frame.isSuperFrame() && frame.segmentMtu() > mtu)) {
      counters.drop(DropReason.GIANT);
    } else if (Gather.ofThread().write(queueOfThread(), frame) < 0) {
      counters.drop(DropReason.DEVICE);
    } else {
      counters.egress(length);
    }
  }

  private TapQueue queueOfThread() {
    TapQueue queue = queueOfLoop.getIfExists();
    return queue == null ? device.queues().getFirst() : queue;
  }

  /**
   * Ends the ingress, closes the device and leaves the bridge. Idempotent, from any thread.
   * Completes when all is done, but for offers just under way.
   */
  public CompletionStage<Void> close() {
    gone.set(true); // nobody is to be told
    Future<?> checks = mtuChecks;
    if (checks != null) {
      checks.cancel(false);
    }
    // On a thread of its own: the kernel takes many milliseconds to remove a device.
    return all(ingress -> ingress.watch.stop().thenRun(ingress.reader::close))
        .thenRunAsync(device::close, Thread::startVirtualThread)
        .thenRun(attachment::detach);
  }
}
