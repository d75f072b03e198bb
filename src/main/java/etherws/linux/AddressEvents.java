package etherws.linux;

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
   */
  private static final int SOCKADDR_LENGTH = 12;
  private static final int GROUPS = 8;
  private static final int NETLINK_ROUTE = 0;
  private static final int IPV4_IFADDR = 0x10;
  private static final int IPV4_ROUTE = 0x40;
  private static final int IPV6_IFADDR = 0x100;
  private static final int IPV6_ROUTE = 0x400;

  /** The news itself is not looked at: cut off is as good. */
  private static final int CAPACITY = 512;

  private static final int MAX_READS = 256;

  private final Descriptor socket;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment buffer = arena.allocate(CAPACITY);

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
   * Reads what there is, never blocking; true if it was anything, or so much that some was lost.
   */
  public boolean drain() {
    boolean news = false;
    for (int i = 0; i < MAX_READS; i++) {
      long length = socket.read(buffer.address(), CAPACITY);
      if (length < 0 && length != -Errno.ENOBUFS.number()) {
        return news;
      }
      news = true;
    }
    return news;
  }

  @Override
  public void close() {
    socket.close();
    arena.close();
  }
}
