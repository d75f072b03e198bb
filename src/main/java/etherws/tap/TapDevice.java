package etherws.tap;

import etherws.frame.MacAddress;
import etherws.linux.Account;
import etherws.linux.Errno;
import etherws.linux.IpPrefix;
import etherws.linux.LinuxException;
import etherws.linux.NetDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A TAP device that is up, with one queue or several. It vanishes on close, unless its settings
 * name an owner or somebody made it persistent before.
 */
public final class TapDevice implements AutoCloseable {
  private static final String CLONE = "/dev/net/tun";
  private static final int TX_QUEUE_LENGTH = 500;

  private final List<TapQueue> queues;
  private final int mtu;

  private TapDevice(List<TapQueue> queues, int mtu) {
    this.queues = queues;
    this.mtu = mtu;
  }

  /**
   * Opens, configures and sets up the device, in the calling thread's network namespace.
   *
   * @param queues how many it shall have; a device that was made for one gets one
   * @throws LinuxException if any step fails; then nothing is left behind
   */
  public static TapDevice open(TapSettings settings, int queues) {
    return open(settings, queues, CLONE);
  }

  static TapDevice open(TapSettings settings, int queues, String clone) {
    OptionalInt owner = uidOf(settings.owner());
    TapDevice device = new TapDevice(new ArrayList<>(), settings.mtu());
    try {
      device.openQueues(clone, settings.device(), queues);
      configure(new NetDevice(device.name()), settings);
      owner.ifPresent(device.queues.getFirst()::persist); // last: what fails leaves nothing behind
      return device;
    } catch (RuntimeException e) {
      device.close();
      throw e;
    }
  }

  private static OptionalInt uidOf(@Nullable String owner) {
    if (owner == null) {
      return OptionalInt.empty();
    }
    OptionalInt uid = Account.uid(owner);
    if (uid.isEmpty()) {
      throw new LinuxException("getpwnam", owner, Errno.ENOENT.number())
          .withHint("there is no user of that name");
    }
    return uid;
  }

  private void openQueues(String clone, String pattern, int count) {
    queues.add(openFirst(clone, pattern, count > 1));
    while (queues.getFirst().isMulti() && queues.size() < count) {
      queues.add(TapQueue.open(clone, name(), true));
    }
  }

  /** Of a device that persists only its maker knows whether it takes several. */
  private static TapQueue openFirst(String clone, String pattern, boolean multi) {
    try {
      return TapQueue.open(clone, pattern, multi);
    } catch (LinuxException e) {
      if (!e.is(Errno.EINVAL)) {
        throw e;
      }
      return TapQueue.open(clone, pattern, !multi);
    }
  }

  /** What the kernel named it. */
  public String name() {
    return queues.getFirst().device();
  }

  public int mtu() {
    return mtu;
  }

  /** What the MTU is now: others may change it while the device is up. */
  int mtuNow() {
    return new NetDevice(queues.getFirst().nameNow()).mtu();
  }

  List<TapQueue> queues() {
    return queues;
  }

  /** Idempotent, from any thread, whatever others are doing with the device. */
  @Override
  public void close() {
    queues.forEach(TapQueue::close);
  }

  /** Leaves alone what is so already: the owner of a persistent TAP need not be root. */
  private static void configure(NetDevice device, TapSettings settings) {
    String name = device.name();
    Long mac = settings.mac();
    if (mac != null && device.mac() != mac) {
      String hint = "ip link set %s address %s".formatted(name, MacAddress.format(mac));
      ifPermitted(() -> device.setMac(mac), hint);
    }
    String up = "ip link set %s up mtu %d".formatted(name, settings.mtu());
    if (device.mtu() != settings.mtu()) {
      ifPermitted(() -> device.setMtu(settings.mtu()), up);
    }
    shorten(device);
    if (settings.bridge() != null) {
      device.joinBridge(settings.bridge());
    }
    if (!device.isUp()) {
      ifPermitted(device::setUp, up);
    }
    settings.addresses().forEach(address -> device.addAddress(IpPrefix.parse(address)));
  }

  /**
   * What waits in the kernel is in no order but that of arrival; we have better queues. A thousand
   * super-frames, the kernel's default, would be 64 MB.
   */
  private static void shorten(NetDevice device) {
    try {
      device.setTxQueueLength(TX_QUEUE_LENGTH);
    } catch (LinuxException e) {
      // The owner of a persistent TAP that isn't root: it works all the same.
    }
  }

  /**
   * @param command that does the same
   */
  private static void ifPermitted(Runnable change, String command) {
    try {
      change.run();
    } catch (LinuxException e) {
      throw e.is(Errno.EPERM) ? e.withHint("as root: " + command) : e;
    }
  }
}
