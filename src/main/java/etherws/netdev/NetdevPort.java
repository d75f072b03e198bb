package etherws.netdev;

import etherws.bridge.Attachment;
import etherws.bridge.Bridge;
import etherws.bridge.Port;
import etherws.bridge.PortPolicy;
import etherws.device.FrameReader;
import etherws.device.Gather;
import etherws.device.Watch;
import etherws.frame.EthernetFrame;
import etherws.frame.Offload;
import etherws.linux.Errno;
import etherws.linux.LinuxException;
import etherws.metrics.DropReason;
import etherws.metrics.PortCounters;
import io.netty.channel.IoEventLoop;
import io.netty.util.concurrent.Future;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bridge's port on a network device of this host, and so on the wire behind it. */
public final class NetdevPort implements Port {
  /*
   * One loop reads the socket; any thread writes to it, straight into the device's queue, which
   * takes a frame or refuses it. Once a second the loop asks the device how it is: the kernel tells
   * a socket that its device is down, but not that a device which is down has been deleted.
   *
   * A plain frame that is too long for the device is refused by the kernel; the segments of a
   * super-frame it would send whatever their length, so those are measured here.
   */
  private static final Logger log = LoggerFactory.getLogger(NetdevPort.class);
  private static final long CHECK_MILLIS = 1_000;
  private static final int EAGAIN = -Errno.EAGAIN.number();
  private static final int EINVAL = -Errno.EINVAL.number();
  private static final int EMSGSIZE = -Errno.EMSGSIZE.number();
  private static final int ENOBUFS = -Errno.ENOBUFS.number();

  private final PacketSocket socket;
  private final Attachment attachment;
  private final IoEventLoop loop;
  private final FrameReader reader;
  private final Watch watch;
  private final Consumer<LinuxException> onGone;
  private final AtomicBoolean gone = new AtomicBoolean();
  private final PortCounters counters = new PortCounters();
  private volatile int mtu;
  private boolean up = true;
  private volatile @Nullable Future<?> checks;

  /**
   * A port of {@code bridge} that takes over {@code socket}; nothing comes in until {@link #start}.
   *
   * @param onGone told once, on the loop, when the device has been deleted; close the port then
   */
  public NetdevPort(
      PacketSocket socket,
      Bridge bridge,
      PortPolicy policy,
      IoEventLoop loop,
      Consumer<LinuxException> onGone) {
    this.socket = socket;
    this.loop = loop;
    this.onGone = onGone;
    this.mtu = socket.mtu();
    this.attachment = bridge.attach(this, policy);
    this.reader = new FrameReader(socket, attachment, this::gone);
    this.watch = Watch.of(loop, socket, reader);
  }

  /** Starts the ingress. Once, and not after {@link #close}. */
  public CompletionStage<Void> start() {
    checks = loop.scheduleAtFixedRate(this::check, 0, CHECK_MILLIS, TimeUnit.MILLISECONDS);
    return watch.start();
  }

  public Attachment attachment() {
    return attachment;
  }

  @Override
  public String name() {
    return socket.device();
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
    } else if (length > EthernetFrame.MAX_LENGTH || hasLongSegments(frame)) {
      counters.drop(DropReason.GIANT);
    } else {
      long result = write(frame);
      if (result >= 0) {
        counters.egress(length);
      } else {
        counters.drop(reason(result));
      }
    }
  }

  private boolean hasLongSegments(EthernetFrame frame) {
    return frame.isSuperFrame()
        && frame.headers().payload() - frame.headers().network() + frame.segmentSize() > mtu;
  }

  private long write(EthernetFrame frame) {
    Gather gather = Gather.ofThread();
    long result = gather.write(socket, frame);
    return result == EINVAL && frame.offload() == Offload.UDP
        ? gather.writeSegments(socket, frame)
        : result;
  }

  private static DropReason reason(long error) {
    if (error == EMSGSIZE) {
      return DropReason.GIANT;
    }
    return error == EAGAIN || error == ENOBUFS ? DropReason.QUEUE_FULL : DropReason.DEVICE;
  }

  private void check() {
    int answer = socket.mtu();
    if (answer < 0) {
      gone(new LinuxException("SIOCGIFMTU", name(), -answer));
      return;
    }
    mtu = answer;
    boolean now = socket.isUp();
    if (now != up) {
      up = now;
      log.info(up ? "{} is up" : "{} is down: nothing passes", name());
    }
  }

  private void gone(LinuxException problem) {
    if (gone.compareAndSet(false, true)) {
      cancelChecks();
      onGone.accept(problem);
    }
  }

  private void cancelChecks() {
    Future<?> scheduled = checks;
    if (scheduled != null) {
      scheduled.cancel(false);
    }
  }

  /**
   * Ends the ingress, closes the socket and leaves the bridge. Idempotent, from any thread.
   * Completes when all is done, but for offers just under way.
   */
  public CompletionStage<Void> close() {
    gone.set(true); // nobody need be told any more
    cancelChecks();
    // On a thread of its own: the kernel waits until nobody is inside the socket.
    return watch
        .stop()
        .thenRun(reader::close)
        .thenRunAsync(socket::close, Thread::startVirtualThread)
        .thenRun(attachment::detach);
  }
}
