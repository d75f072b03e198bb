package etherws.node;

import etherws.bridge.Attachment;
import etherws.bridge.Bridge;
import etherws.bridge.PortPolicy;
import etherws.control.PortStatus;
import etherws.linux.Errno;
import etherws.linux.LinuxException;
import etherws.linux.NetDevice;
import etherws.tap.Hook;
import etherws.tap.TapDevice;
import etherws.tap.TapPort;
import etherws.tap.TapSettings;
import io.netty.channel.IoEventLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A TAP of a network, with its hook. A device that somebody deletes is made again. */
final class RunningTap implements Running {
  /*
   * The port stays, and with it its number, counters and state; it gets another device of the same
   * name and MAC address, set up as the first was. What others did to the first, such as addresses
   * given by hand, is theirs to do again: the hook is there for that.
   *
   * Making a device blocks, and is done in the loops' network namespace: by a thread that a loop
   * starts.
   */
  private static final Logger log = LoggerFactory.getLogger(RunningTap.class);
  private static final ThreadFactory THREADS = Niceness.atEase("tap-");
  private static final long FIRST_PAUSE_MILLIS = 100;

  /** All pauses together: 1.5 s. */
  private static final long LONGEST_PAUSE_MILLIS = 800;

  private final TapSettings settings;
  private final List<IoEventLoop> loops;
  private final Supplier<Duration> downLimit;
  private final Consumer<String> broken;
  private final TapPort port;
  private final Hook hook;
  private boolean closed;

  private RunningTap(
      String network,
      Bridge bridge,
      TapSettings settings,
      PortPolicy policy,
      TapDevice device,
      List<IoEventLoop> loops,
      Supplier<Duration> downLimit,
      Consumer<String> broken) {
    this.settings = settings;
    this.loops = loops;
    this.downLimit = downLimit;
    this.broken = broken;
    this.hook = new Hook(network, device, settings);
    this.port = new TapPort(device, bridge, policy, loops, this::gone);
  }

  /**
   * Opens it; on failure nothing stays behind.
   *
   * @param downLimit how long the {@code down} command may take, asked when it is run
   * @param broken told when the device has gone and can't be made again
   */
  static RunningTap open(
      String network,
      Bridge bridge,
      TapSettings settings,
      PortPolicy policy,
      List<IoEventLoop> loops,
      Supplier<Duration> downLimit,
      Consumer<String> broken)
      throws IOException {
    TapDevice device = TapDevice.open(settings, loops.size());
    TapSettings again = sameAs(device, settings);
    RunningTap tap =
        new RunningTap(network, bridge, again, policy, device, loops, downLimit, broken);
    log.info("{} is up", device.name());
    try {
      tap.hook.up();
      return tap;
    } catch (IOException e) {
      PortOpener.closed(tap.port.close());
      throw e;
    }
  }

  private static TapSettings sameAs(TapDevice device, TapSettings settings) {
    try {
      return settings.of(device.name(), new NetDevice(device.name()).mac());
    } catch (LinuxException e) {
      device.close();
      throw e;
    }
  }

  /** On a loop, or a thread that polls: no lock is taken, whoever has it may wait for the loop. */
  private void gone(LinuxException problem) {
    log.warn("{} is gone ({}); making it again", port.name(), problem.getMessage());
    makeLater(0, FIRST_PAUSE_MILLIS);
  }

  private void makeLater(long millis, long pauseMillis) {
    Runnable work = () -> makeAgain(pauseMillis);
    loops.getFirst().schedule(() -> THREADS.newThread(work).start(), millis, TimeUnit.MILLISECONDS);
  }

  /**
   * One try.
   *
   * @param pauseMillis until the next
   */
  private synchronized void makeAgain(long pauseMillis) {
    if (closed) {
      return;
    }
    try {
      TapDevice device = TapDevice.open(settings, loops.size());
      port.replace(device).toCompletableFuture().join();
      log.info("{} is up again", port.name());
      hook.up();
    } catch (LinuxException e) {
      boolean hopeless = e.is(Errno.EPERM) || e.is(Errno.EACCES);
      if (hopeless || pauseMillis > LONGEST_PAUSE_MILLIS) {
        broken.accept(
            "%s is gone and can't be made again: %s".formatted(port.name(), e.getMessage()));
      } else {
        makeLater(pauseMillis, 2 * pauseMillis);
      }
    } catch (IOException e) {
      log.error("{}; {} stays up all the same", e.getMessage(), port.name());
    }
  }

  @Override
  public PortStatus.Type type() {
    return PortStatus.Type.TAP;
  }

  @Override
  public List<Attachment> attachments() {
    return List.of(port.attachment());
  }

  @Override
  public void start() {
    port.start().toCompletableFuture().join();
  }

  @Override
  public synchronized void close() {
    closed = true;
    hook.down(downLimit.get());
    PortOpener.closed(port.close());
  }
}
