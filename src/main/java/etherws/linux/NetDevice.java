package etherws.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;

/** A network device of the kernel, named in the calling thread's network namespace. */
public record NetDevice(String name) {
  private static final int IFF_UP = 0x1;

  /** linux/sockios.h. */
  private enum Request {
    SIOCGIFFLAGS(0x8913),
    SIOCSIFFLAGS(0x8914),
    SIOCGIFMTU(0x8921),
    SIOCSIFMTU(0x8922),
    SIOCSIFHWADDR(0x8924),
    SIOCGIFHWADDR(0x8927),
    SIOCGIFINDEX(0x8933),
    SIOCSIFTXQLEN(0x8943),
    SIOCBRADDIF(0x89a2),
    SIOCDEVPRIVATE(0x89f0);

    final long number;

    Request(long number) {
      this.number = number;
    }
  }

  // linux/if_bridge.h
  private static final long BRCTL_GET_PORT_LIST = 7;
  private static final int BR_MAX_PORTS = 1024;

  public int index() {
    return get(Request.SIOCGIFINDEX);
  }

  public int mtu() {
    return get(Request.SIOCGIFMTU);
  }

  public void setMtu(int mtu) {
    set(Request.SIOCSIFMTU, mtu);
  }

  /** First octet highest. */
  public long mac() {
    try (Arena arena = Arena.ofConfined()) {
      IfReq ifreq = new IfReq(arena, name);
      ioctl(Request.SIOCGIFHWADDR, ifreq);
      return ifreq.mac();
    }
  }

  public boolean isEthernet() {
    try (Arena arena = Arena.ofConfined()) {
      IfReq ifreq = new IfReq(arena, name);
      ioctl(Request.SIOCGIFHWADDR, ifreq);
      return ifreq.isEthernet();
    }
  }

  /** While it is down. */
  public void setMac(long mac) {
    try (Arena arena = Arena.ofConfined()) {
      IfReq ifreq = new IfReq(arena, name);
      ifreq.mac(mac);
      ioctl(Request.SIOCSIFHWADDR, ifreq);
    }
  }

  /** Gives it one more IP address; nothing to do when it has that already. */
  public void addAddress(IpPrefix address) {
    int errno = Netlink.addAddress(index(), address);
    if (errno == 0 || errno == Errno.EEXIST.number() || hasAddress(address)) {
      return;
    }
    LinuxException e = new LinuxException("RTM_NEWADDR", name + " " + address, errno);
    if (e.is(Errno.EPERM)) {
      throw e.withHint("as root: ip address add %s dev %s".formatted(address, name));
    }
    throw e.is(Errno.EACCES)
        ? e.withHint("IPv6 is off: sysctl net.ipv6.conf.%s.disable_ipv6=0".formatted(name))
        : e;
  }

  /** Takes one of its IP addresses away; nothing to do when it doesn't have it. */
  public void removeAddress(IpPrefix address) {
    int errno = Netlink.removeAddress(index(), address);
    if (errno != 0 && errno != Errno.EADDRNOTAVAIL.number()) {
      throw new LinuxException("RTM_DELADDR", name + " " + address, errno);
    }
  }

  /** Its IP addresses, none if there is no such device. Needs no privilege. */
  public List<IpPrefix> addresses() {
    try {
      NetworkInterface device = NetworkInterface.getByName(name);
      return device == null
          ? List.of()
          : device.getInterfaceAddresses().stream()
              .map(has -> new IpPrefix(has.getAddress(), has.getNetworkPrefixLength()))
              .toList();
    } catch (SocketException e) {
      return List.of();
    }
  }

  private boolean hasAddress(IpPrefix wanted) {
    return addresses().stream()
        .anyMatch(has -> has.address().equals(wanted.address()) && has.length() == wanted.length());
  }

  /** How many frames may wait in the kernel for whoever reads the device. */
  public void setTxQueueLength(int frames) {
    set(Request.SIOCSIFTXQLEN, frames);
  }

  public boolean isUp() {
    return (flags() & IFF_UP) != 0;
  }

  public void setUp() {
    setFlags(flags() | IFF_UP);
  }

  public void setDown() {
    setFlags(flags() & ~IFF_UP);
  }

  /** Makes the device a port of a Linux bridge that exists; nothing to do when it is one. */
  public void joinBridge(String bridge) {
    int index = index();
    try {
      new NetDevice(bridge).set(Request.SIOCBRADDIF, index);
    } catch (LinuxException e) {
      if (!new NetDevice(bridge).hasBridgePort(index)) {
        throw e.withHint(adviceOnJoining(bridge, e));
      }
    }
  }

  private String adviceOnJoining(String bridge, LinuxException e) {
    if (e.is(Errno.ENODEV)) {
      return "create the bridge first: ip link add " + bridge + " type bridge";
    }
    if (e.is(Errno.EOPNOTSUPP) || e.is(Errno.EINVAL)) {
      return bridge + " is not a bridge that " + name + " can join";
    }
    if (e.is(Errno.EBUSY)) {
      return name + " belongs to another bridge: ip link set " + name + " nomaster";
    }
    if (e.is(Errno.EPERM)) {
      return "needs root or CAP_NET_ADMIN, or as root: ip link set " + name + " master " + bridge;
    }
    return name + " can't become a port of " + bridge;
  }

  /** Needs no privilege, unlike joining. False as well when this is no bridge. */
  private boolean hasBridgePort(int index) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment indices = arena.allocate(JAVA_INT, BR_MAX_PORTS);
      MemorySegment arguments =
          arena.allocateFrom(JAVA_LONG, BRCTL_GET_PORT_LIST, indices.address(), BR_MAX_PORTS, 0);
      IfReq ifreq = new IfReq(arena, name);
      ifreq.pointer(arguments.address());
      ioctl(Request.SIOCDEVPRIVATE, ifreq);
      return indices.elements(JAVA_INT).anyMatch(port -> port.get(JAVA_INT, 0) == index);
    } catch (LinuxException e) {
      return false;
    }
  }

  private int flags() {
    try (Arena arena = Arena.ofConfined()) {
      IfReq ifreq = new IfReq(arena, name);
      ioctl(Request.SIOCGIFFLAGS, ifreq);
      return ifreq.flags();
    }
  }

  private void setFlags(int flags) {
    try (Arena arena = Arena.ofConfined()) {
      IfReq ifreq = new IfReq(arena, name);
      ifreq.flags(flags);
      ioctl(Request.SIOCSIFFLAGS, ifreq);
    }
  }

  private int get(Request request) {
    try (Arena arena = Arena.ofConfined()) {
      IfReq ifreq = new IfReq(arena, name);
      ioctl(request, ifreq);
      return ifreq.number();
    }
  }

  private void set(Request request, int value) {
    try (Arena arena = Arena.ofConfined()) {
      IfReq ifreq = new IfReq(arena, name);
      ifreq.number(value);
      ioctl(request, ifreq);
    }
  }

  private void ioctl(Request request, IfReq ifreq) {
    int socket = LibC.socket(LibC.AF_INET, LibC.SOCK_DGRAM | LibC.SOCK_CLOEXEC, 0);
    if (socket < 0) {
      throw new LinuxException("socket", name, -socket);
    }
    int result = LibC.ioctl(socket, request.number, ifreq.address());
    LibC.close(socket);
    if (result < 0) {
      throw new LinuxException(request.name(), name, -result);
    }
  }
}
