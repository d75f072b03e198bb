package etherws.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Requests to the kernel's rtnetlink(7), one at a time. */
final class Netlink {
  /*
   * struct nlmsghdr {          struct ifaddrmsg {         struct rtattr {
   *   u32 nlmsg_len;    // 0     u8  ifa_family;  // 16     u16 rta_len;    // with its header
   *   u16 nlmsg_type;   // 4     u8  ifa_prefixlen;         u16 rta_type;
   *   u16 nlmsg_flags;  // 6     u8  ifa_flags;           };
   *   u32 nlmsg_seq;    // 8     u8  ifa_scope;
   *   u32 nlmsg_pid;    // 12    u32 ifa_index;
   * };                         };
   *
   * The answer is a struct nlmsgerr: such a header, then -errno, or 0 for done. All in the machine's
   * own order of octets.
   */
  private static final int NETLINK_ROUTE = 0;
  private static final short RTM_NEWADDR = 20;
  private static final short RTM_DELADDR = 21;
  private static final short NLMSG_ERROR = 2;
  private static final short REQUEST_ACK = 0x1 | 0x4;
  private static final short REQUEST_ACK_EXCL_CREATE = 0x1 | 0x4 | 0x200 | 0x400;
  private static final short IFA_ADDRESS = 1;
  private static final short IFA_LOCAL = 2;
  private static final int RTATTR_LENGTH = 4;
  private static final int TYPE = 4;
  private static final int ERROR = 16;
  private static final int CAPACITY = 4096;

  private Netlink() {}

  /** 0, or the errno. EEXIST: the device has the address. */
  static int addAddress(int index, IpPrefix address) {
    return change(RTM_NEWADDR, REQUEST_ACK_EXCL_CREATE, index, address);
  }

  /** 0, or the errno. EADDRNOTAVAIL: the device doesn't have it. */
  static int removeAddress(int index, IpPrefix address) {
    return change(RTM_DELADDR, REQUEST_ACK, index, address);
  }

  private static int change(short type, short flags, int index, IpPrefix address) {
    byte[] octets = address.address().getAddress();
    ByteBuffer request = ByteBuffer.allocate(CAPACITY).order(ByteOrder.nativeOrder());
    request.putInt(0).putShort(type).putShort(flags).putInt(1).putInt(0);
    request.put((byte) (address.isIpv4() ? LibC.AF_INET : LibC.AF_INET6));
    request.put((byte) address.length()).put((byte) 0).put((byte) 0).putInt(index);
    putAttribute(request, IFA_LOCAL, octets);
    putAttribute(request, IFA_ADDRESS, octets);
    return ask(request.putInt(0, request.position()).flip());
  }

  private static void putAttribute(ByteBuffer request, short type, byte[] octets) {
    request.putShort((short) (RTATTR_LENGTH + octets.length)).putShort(type).put(octets);
  }

  private static int ask(ByteBuffer request) {
    int socket = LibC.socket(LibC.AF_NETLINK, LibC.SOCK_RAW | LibC.SOCK_CLOEXEC, NETLINK_ROUTE);
    if (socket < 0) {
      return -socket;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(CAPACITY, Integer.BYTES);
      memory.copyFrom(MemorySegment.ofBuffer(request));
      long sent = LibC.write(socket, memory.address(), request.remaining());
      long received = sent < 0 ? sent : LibC.read(socket, memory.address(), CAPACITY);
      return received < 0 ? (int) -received : errnoOf(memory, received);
    } finally {
      LibC.close(socket);
    }
  }

  private static int errnoOf(MemorySegment memory, long length) {
    ByteBuffer answer = memory.asSlice(0, length).asByteBuffer().order(ByteOrder.nativeOrder());
    boolean error = length >= ERROR + Integer.BYTES && answer.getShort(TYPE) == NLMSG_ERROR;
    return error ? -answer.getInt(ERROR) : Errno.EINVAL.number();
  }
}
