package etherws.tap;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import etherws.device.DeviceFile;
import etherws.device.VnetHeader;
import etherws.linux.Descriptor;
import etherws.linux.Errno;
import etherws.linux.IfReq;
import etherws.linux.LibC;
import etherws.linux.LinuxException;
import java.lang.foreign.Arena;

/** One open file on a TAP device. */
final class TapQueue implements DeviceFile, AutoCloseable {
  // linux/if_tun.h
  private static final int IFF_TAP = 0x2;
  private static final int IFF_NO_PI = 0x1000;
  private static final int IFF_VNET_HDR = 0x4000;
  private static final int IFF_MULTI_QUEUE = 0x100;
  private static final int TUN_F_CSUM = 0x1;
  private static final int TUN_F_TSO4 = 0x2;
  private static final int TUN_F_TSO6 = 0x4;
  private static final int TUN_F_TSO_ECN = 0x8;
  private static final int TUN_F_USO4 = 0x20;
  private static final int TUN_F_USO6 = 0x40;

  private enum Request {
    TUNSETIFF(0x400454ca),
    TUNSETPERSIST(0x400454cb),
    TUNSETOWNER(0x400454cc),
    TUNSETOFFLOAD(0x400454d0),
    TUNSETVNETHDRSZ(0x400454d8),
    TUNSETVNETLE(0x400454dc),
    TUNGETIFF(0x800454d2);

    final long number;

    Request(long number) {
      this.number = number;
    }
  }

  /** What may be left to us: any TCP segmentation and checksum, and since Linux 6.2 UDP's. */
  private static final int TCP_OFFLOADS = TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN;

  private static final int UDP_OFFLOADS = TUN_F_USO4 | TUN_F_USO6;

  private final Descriptor file;
  private final String device;
  private final boolean multi;
  private final boolean segmentsUdp;

  private TapQueue(Descriptor file, String device, boolean multi, boolean segmentsUdp) {
    this.file = file;
    this.device = device;
    this.multi = multi;
    this.segmentsUdp = segmentsUdp;
  }

  /**
   * Creates the device, or joins it if it persists.
   *
   * @param clone the file that makes them, {@code /dev/net/tun}
   * @param pattern a name, or one with {@code %d} for the first free number
   * @param multi whether the device may have more queues; a persistent one must be made for it
   */
  static TapQueue open(String clone, String pattern, boolean multi) {
    int fd = LibC.open(clone, LibC.O_RDWR | LibC.O_NONBLOCK | LibC.O_CLOEXEC);
    if (fd < 0) {
      throw cannotOpen(clone, pattern, -fd);
    }
    Descriptor file = new Descriptor(fd);
    try {
      String device = attach(fd, pattern, multi ? IFF_MULTI_QUEUE : 0);
      set(fd, device, Request.TUNSETVNETHDRSZ, VnetHeader.LENGTH);
      set(fd, device, Request.TUNSETVNETLE, VnetHeader.LITTLE ? 1 : 0);
      return new TapQueue(file, device, multi, takeOffloads(fd, device));
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** Lets the device outlive us, for this user to open. */
  void persist(int uid) {
    int fd = file.number();
    check(LibC.ioctl(fd, Request.TUNSETOWNER.number, uid), Request.TUNSETOWNER, device);
    check(LibC.ioctl(fd, Request.TUNSETPERSIST.number, 1), Request.TUNSETPERSIST, device);
  }

  /** What the kernel named it. */
  @Override
  public String device() {
    return device;
  }

  /** What the device is called now: others may rename it. */
  String nameNow() {
    try (Arena arena = Arena.ofConfined()) {
      IfReq ifreq = new IfReq(arena, device);
      check(file.ioctl(Request.TUNGETIFF.number, ifreq.address()), Request.TUNGETIFF, device);
      return ifreq.name();
    }
  }

  /** Whether the device may have more queues. */
  boolean isMulti() {
    return multi;
  }

  @Override
  public boolean segmentsUdp() {
    return segmentsUdp;
  }

  @Override
  public int fd() {
    return file.number();
  }

  @Override
  public long read(long address, long capacity) {
    return file.read(address, capacity);
  }

  @Override
  public long write(long iovec, int count) {
    return file.writev(iovec, count);
  }

  @Override
  public long writeAt(long address, long length) {
    return file.write(address, length);
  }

  /** Idempotent, from any thread. A device that does not persist vanishes with its last queue. */
  @Override
  public void close() {
    file.close();
  }

  private static String attach(int fd, String pattern, int more) {
    try (Arena arena = Arena.ofConfined()) {
      IfReq ifreq = new IfReq(arena, pattern);
      ifreq.flags(IFF_TAP | IFF_NO_PI | IFF_VNET_HDR | more);
      int result = LibC.ioctl(fd, Request.TUNSETIFF.number, ifreq.address());
      if (result < 0) {
        throw cannotAttach(pattern, -result);
      }
      return ifreq.name();
    }
  }

  private static boolean takeOffloads(int fd, String device) {
    long request = Request.TUNSETOFFLOAD.number;
    if (LibC.ioctl(fd, request, TCP_OFFLOADS | UDP_OFFLOADS) >= 0) {
      return true;
    }
    check(LibC.ioctl(fd, request, TCP_OFFLOADS), Request.TUNSETOFFLOAD, device);
    return false;
  }

  private static void set(int fd, String device, Request request, int value) {
    try (Arena arena = Arena.ofConfined()) {
      check(
          LibC.ioctl(fd, request.number, arena.allocateFrom(JAVA_INT, value).address()),
          request,
          device);
    }
  }

  private static void check(int result, Request request, String device) {
    if (result < 0) {
      throw new LinuxException(request.name(), device, -result);
    }
  }

  private static LinuxException cannotOpen(String clone, String pattern, int errno) {
    LinuxException e = new LinuxException("open", clone, errno);
    if (e.is(Errno.ENOENT) || e.is(Errno.ENODEV) || e.is(Errno.ENXIO)) {
      return e.withHint("load the driver: modprobe tun (a container must be given the device)");
    }
    return e.is(Errno.EACCES) || e.is(Errno.EPERM) ? e.withHint(needed(pattern)) : e;
  }

  private static LinuxException cannotAttach(String pattern, int errno) {
    LinuxException e = new LinuxException(Request.TUNSETIFF.name(), pattern, errno);
    if (e.is(Errno.EPERM)) {
      return e.withHint(needed(pattern));
    }
    if (e.is(Errno.EBUSY)) {
      return e.withHint("another process has the device open");
    }
    return e.is(Errno.EINVAL)
        ? e.withHint("a device of that name exists that is no TAP, or one with several queues")
        : e;
  }

  private static String needed(String pattern) {
    return "needs root or CAP_NET_ADMIN, or a persistent TAP owned by this user:"
        + " ip tuntap add dev %s mode tap user $USER".formatted(pattern.replace("%d", "0"));
  }
}
