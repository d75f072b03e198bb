package etherws.tap;

import etherws.linux.Errno;
import etherws.linux.LinuxException;
import etherws.linux.NetDevice;

/** A TAP device that is up. It vanishes on close, unless somebody made it persistent before. */
public final class TapDevice implements AutoCloseable {
  private static final String CLONE = "/dev/net/tun";

  private final TapQueue queue;
  private final int mtu;

  private TapDevice(TapQueue queue, int mtu) {
    this.queue = queue;
    this.mtu = mtu;
  }

  /**
   * Opens, configures and sets up the device, in the calling thread's network namespace.
   *
   * @throws LinuxException if any step fails; then nothing is left behind
   */
  public static TapDevice open(TapSettings settings) {
    return open(settings, CLONE);
  }

  static TapDevice open(TapSettings settings, String clone) {
    TapQueue queue = TapQueue.open(clone, settings.device());
    try {
      configure(new NetDevice(queue.device()), settings);
      return new TapDevice(queue, settings.mtu());
    } catch (RuntimeException e) {
      queue.close();
      throw e;
    }
  }

  /** What the kernel named it. */
  public String name() {
    return queue.device();
  }

  public int mtu() {
    return mtu;
  }

  TapQueue queue() {
    return queue;
  }

  /** Idempotent, from any thread, whatever others are doing with the device. */
  @Override
  public void close() {
    queue.close();
  }

  /** Leaves alone what is so already: the owner of a persistent TAP need not be root. */
  private static void configure(NetDevice device, TapSettings settings) {
    if (device.mtu() != settings.mtu()) {
      ifPermitted(() -> device.setMtu(settings.mtu()), device, settings);
    }
    if (settings.bridge() != null) {
      device.joinBridge(settings.bridge());
    }
    if (!device.isUp()) {
      ifPermitted(device::setUp, device, settings);
    }
  }

  private static void ifPermitted(Runnable change, NetDevice device, TapSettings settings) {
    try {
      change.run();
    } catch (LinuxException e) {
      throw e.is(Errno.EPERM)
          ? e.withHint("as root: ip link set %s up mtu %d".formatted(device.name(), settings.mtu()))
          : e;
    }
  }
}
