package etherws.tap;

import etherws.bridge.Attachment;
import etherws.bridge.Bridge;
import etherws.bridge.Port;
import etherws.bridge.PortPolicy;
import etherws.device.Gather;
import etherws.frame.EthernetFrame;
import etherws.linux.LinuxException;
import etherws.metrics.DropReason;
import etherws.metrics.PortCounters;
import io.netty.channel.IoEventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The bridge's port on a TAP device, and so on the network of this host. Owns the device, and may
 * outlive it.
 */
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

  private final String name;
  private final Attachment attachment;
  private final List<IoEventLoop> loops;
  private final Consumer<LinuxException> onGone;
  private final FastThreadLocal<TapQueue> queueOfLoop = new FastThreadLocal<>();
  private final PortCounters counters = new PortCounters();
  private volatile TapIngress ingress;
  private volatile int mtu;
  private volatile @Nullable Future<?> mtuChecks;

  /**
   * A port of {@code bridge} that takes over {@code device}; nothing comes in until {@link #start}.
   *
   * @param loops as many as the device has queues, or more
   * @param onGone told once of each device, on an ingress thread, when it can't be read any more,
   *     for example since it was deleted: {@link #replace} it, or close the port
   */
  public TapPort(
      TapDevice device,
      Bridge bridge,
      PortPolicy policy,
      List<IoEventLoop> loops,
      Consumer<LinuxException> onGone) {
    this.name = device.name();
    this.attachment = bridge.attach(this, policy);
    this.loops = loops;
    this.onGone = onGone;
    this.mtu = device.mtu();
    this.ingress = new TapIngress(device, attachment, loops, onGone);
  }

  /** Starts the ingress. Once, and not after {@link #close}. */
  public CompletionStage<Void> start() {
    mtuChecks =
        loops
            .getFirst()
            .scheduleAtFixedRate(
                this::readMtu, MTU_CHECK_MILLIS, MTU_CHECK_MILLIS, TimeUnit.MILLISECONDS);
    return ingress.start(queueOfLoop);
  }

  /**
   * Goes on with another device of that name, for one that is gone; takes it over. After {@link
   * #start}, and not while {@link #close} runs. Completes when frames come in again.
   */
  public CompletionStage<Void> replace(TapDevice fresh) {
    return ingress
        .close()
        .thenCompose(_ -> {
          ingress = new TapIngress(fresh, attachment, loops, onGone);
          mtu = fresh.mtu();
          return ingress.start(queueOfLoop);
        });
  }

  private void readMtu() {
    try {
      mtu = ingress.device().mtuNow();
    } catch (LinuxException e) {
      // Moved to another network namespace, or about to close: what we know stays.
    }
  }

  public Attachment attachment() {
    return attachment;
  }

  @Override
  public String name() {
    return name;
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
    return queue == null ? ingress.device().queues().getFirst() : queue;
  }

  /**
   * Ends the ingress, closes the device and leaves the bridge. Idempotent, from any thread.
   * Completes when all is done, but for offers just under way.
   */
  public CompletionStage<Void> close() {
    Future<?> checks = mtuChecks;
    if (checks != null) {
      checks.cancel(false);
    }
    return ingress.close().thenRun(attachment::detach);
  }
}
