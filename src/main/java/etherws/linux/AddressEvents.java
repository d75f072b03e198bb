package etherws.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * What rtnetlink(7) tells anybody who asks: that addresses and routes of this network namespace
 * have changed. One thread at a time.
 */
public final class AddressEvents implements AutoCloseable {
  /*
   * struct sockaddr_nl {
   *   sa_family_t    nl_family;  // 0
   *   unsigned short nl_pad;     // 2
   *   u32            nl_pid;     // 4  0: the kernel chooses
   *   u32            nl_groups;  // 8
   * };
   *
   * struct nlmsghdr {     struct ifaddrmsg {        struct rtmsg {
   *   u32 nlmsg_len;        u8 ifa_family;  // 16     u8 rtm_family;    // 16
   *   u16 nlmsg_type; // 4  u8 ifa_prefixlen;         u8 rtm_dst_len, ...;
   *   ...                   u8 ifa_flags;             u8 rtm_protocol;  // 21
   * };          // 16       u8 ifa_scope;   // 19     ...
   *
   * Of no interest are addresses that reach no further than a link, which every device gets, and
   * the routes that the kernel makes of addresses.
   */
  private static final int SOCKADDR_LENGTH = 12;
  private static final int GROUPS = 8;
  private static final int NETLINK_ROUTE = 0;
  private static final int IPV4_IFADDR = 0x10;
  private static final int IPV4_ROUTE = 0x40;
  private static final int IPV6_IFADDR = 0x100;
  private static final int IPV6_ROUTE = 0x400;

  private static final int TYPE = 4;
  private static final int ADDRESS_SCOPE = 19;
  private static final int ROUTE_PROTOCOL = 21;
  private static final short RTM_NEWADDR = 20;
  private static final short RTM_DELADDR = 21;
  private static final short RTM_NEWROUTE = 24;
  private static final short RTM_DELROUTE = 25;
  private static final int RT_SCOPE_LINK = 253;
  private static final int RTPROT_KERNEL = 2;

  /** More than the head of the news is not looked at: the rest may be cut off. */
  private static final int CAPACITY = 512;

  private static final int MAX_READS = 256;

  private final Descriptor socket;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment buffer = arena.allocate(CAPACITY, Integer.BYTES);

  private AddressEvents(Descriptor socket) {
    this.socket = socket;
  }

  /** Needs no privilege; null where the kernel or a sandbox doesn't have it. */
  public static @Nullable AddressEvents open() {
    int type = LibC.SOCK_RAW | LibC.SOCK_CLOEXEC | LibC.SOCK_NONBLOCK;
    int fd = LibC.socket(LibC.AF_NETLINK, type, NETLINK_ROUTE);
    if (fd < 0) {
      return null;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(SOCKADDR_LENGTH, Integer.BYTES);
      address.set(JAVA_SHORT, 0, (short) LibC.AF_NETLINK);
      address.set(JAVA_INT, GROUPS, IPV4_IFADDR | IPV4_ROUTE | IPV6_IFADDR | IPV6_ROUTE);
      if (LibC.bind(fd, address.address(), SOCKADDR_LENGTH) < 0) {
        LibC.close(fd);
        return null;
      }
    }
    return new AddressEvents(new Descriptor(fd));
  }

  /** For poll(2): readable when there is news. */
  public int fd() {
    return socket.number();
  }

  /**
   * Reads what there is, never blocking; true if any of it matters, or so much came that some was
   * lost.
   */
  public boolean drain() {
    boolean news = false;
    for (int i = 0; i < MAX_READS; i++) {
      long length = socket.read(buffer.address(), CAPACITY);
      if (length < 0 && length != -Errno.ENOBUFS.number()) {
        return news;
      }
      news |= length < 0 || matters(length);
    }
    return news;
  }

  private boolean matters(long length) {
    if (length <= ROUTE_PROTOCOL) {
      return false;
    }
    return switch (buffer.get(JAVA_SHORT, TYPE)) {
      case RTM_NEWADDR, RTM_DELADDR -> octet(ADDRESS_SCOPE) < RT_SCOPE_LINK;
      case RTM_NEWROUTE, RTM_DELROUTE -> octet(ROUTE_PROTOCOL) != RTPROT_KERNEL;
      default -> false;
    };
  }

  private int octet(int offset) {
    return Byte.toUnsignedInt(buffer.get(JAVA_BYTE, offset));
  }

  @Override
  public void close() {
    socket.close();
    arena.close();
  }
}
