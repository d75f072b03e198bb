package etherws.netdev;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import etherws.device.DeviceFile;
import etherws.device.Memory;
import etherws.device.VnetHeader;
import etherws.frame.EthernetFrame;
import etherws.linux.Descriptor;
import etherws.linux.Errno;
import etherws.linux.IfReq;
import etherws.linux.LibC;
import etherws.linux.LinuxException;
import etherws.linux.NetDevice;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A packet(7) socket on one network device: it gets all that the device receives, and nothing that
 * this host sends, itself included.
 */
public final class PacketSocket implements DeviceFile, AutoCloseable {
  /*
   * The kernel takes the outer VLAN tag out of a frame before anybody sees it. Its octets come with
   * the frame as auxiliary data, and read puts them back: header and MAC addresses move 4 octets
   * down, into room that is there for it.
   *
   * No PACKET_QDISC_BYPASS: what bypasses the queueing discipline isn't segmented for a device that
   * can't do it, but dropped.
   */
  private static final int SOL_SOCKET = 1;
  private static final int SO_SNDBUFFORCE = 32;
  private static final int SO_RCVBUFFORCE = 33;
  private static final int SOL_PACKET = 263;
  private static final int PACKET_ADD_MEMBERSHIP = 1;
  static final int PACKET_AUXDATA = 8;
  private static final int PACKET_VNET_HDR = 15;
  private static final int PACKET_IGNORE_OUTGOING = 23;
  private static final short PACKET_MR_PROMISC = 1;
  private static final short ETH_P_ALL = 3;

  private static final long SIOCGIFNAME = 0x8910;
  private static final long SIOCGIFFLAGS = 0x8913;
  private static final long SIOCGIFMTU = 0x8921;
  private static final int IFF_UP = 0x1;

  /** Of what has come while its reader was busy with something else. */
  private static final int RECEIVE_OCTETS = 4 * 1024 * 1024;

  /** Of what waits for a device slower than its senders. */
  private static final int SEND_OCTETS = 1024 * 1024;

  private static final int MAC_ADDRESSES_LENGTH = 12;
  private static final ValueLayout.OfInt BIG_ENDIAN =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final String device;
  private final int index;
  private final Descriptor file;
  private final PacketMessage message = new PacketMessage();
  private int before;

  private PacketSocket(String device, int index, Descriptor file) {
    this.device = device;
    this.index = index;
    this.file = file;
  }

  /**
   * Opens one, in the calling thread's network namespace. What the device receives from then on
   * waits to be read. The device is promiscuous as long as the socket is open.
   *
   * @throws LinuxException if any step fails
   */
  public static PacketSocket open(NetdevSettings settings) {
    NetDevice device = new NetDevice(settings.device());
    int index = device.index();
    if (!device.isEthernet()) {
      throw new LinuxException("bind", device.name(), Errno.EOPNOTSUPP.number())
          .withHint("only Ethernet devices can join a network");
    }
    int type = LibC.SOCK_RAW | LibC.SOCK_NONBLOCK | LibC.SOCK_CLOEXEC;
    int fd = LibC.socket(LibC.AF_PACKET, type, 0); // of no protocol: it hears nothing yet
    if (fd < 0) {
      LinuxException e = new LinuxException("socket AF_PACKET", device.name(), -fd);
      throw e.is(Errno.EPERM) ? e.withHint("needs root or CAP_NET_RAW") : e;
    }
    PacketSocket socket = new PacketSocket(device.name(), index, new Descriptor(fd));
    try {
      socket.prepare(fd);
      return socket;
    } catch (RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private void prepare(int fd) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment number = arena.allocate(JAVA_INT);
      number.set(JAVA_INT, 0, 1);
      set(fd, "PACKET_VNET_HDR", PACKET_VNET_HDR, number);
      set(fd, "PACKET_AUXDATA", PACKET_AUXDATA, number);
      set(fd, "PACKET_IGNORE_OUTGOING", PACKET_IGNORE_OUTGOING, number);
      set(fd, "PACKET_ADD_MEMBERSHIP", PACKET_ADD_MEMBERSHIP, promiscuous(arena));
      // Where these aren't permitted the defaults do, with more loss under load.
      number.set(JAVA_INT, 0, RECEIVE_OCTETS);
      LibC.setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, number.address(), Integer.BYTES);
      number.set(JAVA_INT, 0, SEND_OCTETS);
      LibC.setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, number.address(), Integer.BYTES);
      MemorySegment address = address(arena);
      check("bind", LibC.bind(fd, address.address(), (int) address.byteSize()));
    }
  }

  private void set(int fd, String name, int option, MemorySegment value) {
    check(name, LibC.setsockopt(fd, SOL_PACKET, option, value.address(), (int) value.byteSize()));
  }

  private void check(String call, int result) {
    if (result < 0) {
      throw new LinuxException(call, device, -result);
    }
  }

  /** {@code struct packet_mreq { int mr_ifindex; u16 mr_type; u16 mr_alen; u8 mr_address[8]; }}. */
  private MemorySegment promiscuous(Arena arena) {
    MemorySegment request = arena.allocate(16, Integer.BYTES);
    request.set(JAVA_INT, 0, index);
    request.set(JAVA_SHORT, 4, PACKET_MR_PROMISC);
    return request;
  }

  /**
   * {@code struct sockaddr_ll { u16 sll_family; be16 sll_protocol; int sll_ifindex; … }}, 20
   * octets.
   */
  private MemorySegment address(Arena arena) {
    MemorySegment address = arena.allocate(20, Integer.BYTES);
    address.set(JAVA_SHORT, 0, (short) LibC.AF_PACKET);
    address.set(JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN), 2, ETH_P_ALL);
    address.set(JAVA_INT, 4, index);
    return address;
  }

  @Override
  public String device() {
    return device;
  }

  @Override
  public int fd() {
    return file.number();
  }

  /** Not asked: a kernel before 6.2 refuses them with EINVAL. */
  @Override
  public boolean segmentsUdp() {
    return true;
  }

  /** ENETDOWN, told once when the device goes down, is a time without frames and no more. */
  @Override
  public long read(long address, long capacity) {
    before = 0;
    long result = file.recvmsg(message.prepare(address, capacity - EthernetFrame.TAG_LENGTH), 0);
    if (result < 0) {
      return result == -Errno.ENETDOWN.number() ? -Errno.EAGAIN.number() : result;
    }
    if (message.isCut()) {
      return -Errno.EMSGSIZE.number();
    }
    int tag = message.tag();
    return tag == 0 ? result : putBack(tag, address, result);
  }

  private long putBack(int tag, long address, long length) {
    int front = VnetHeader.LENGTH + MAC_ADDRESSES_LENGTH;
    before = EthernetFrame.TAG_LENGTH;
    long start = address - before;
    MemorySegment.copy(Memory.ALL, address, Memory.ALL, start, front);
    Memory.ALL.set(BIG_ENDIAN, start + front, tag);
    VnetHeader.shift(Memory.ALL, start, before);
    return length + before;
  }

  @Override
  public int before() {
    return before;
  }

  @Override
  public long write(long iovec, int count) {
    return file.writev(iovec, count);
  }

  @Override
  public long writeAt(long address, long length) {
    return file.write(address, length);
  }

  /** The longest payload of a frame now; -ENODEV once the device is deleted. */
  int mtu() {
    return ask(SIOCGIFMTU);
  }

  boolean isUp() {
    int flags = ask(SIOCGIFFLAGS);
    return flags > 0 && (flags & IFF_UP) != 0;
  }

  /** What the device answers, whatever its name is by now, or -errno. */
  private int ask(long request) {
    try (Arena arena = Arena.ofConfined()) {
      IfReq ifreq = new IfReq(arena, "");
      ifreq.number(index);
      int result = file.ioctl(SIOCGIFNAME, ifreq.address());
      if (result >= 0) {
        result = file.ioctl(request, ifreq.address());
      }
      return result < 0 ? result : request == SIOCGIFFLAGS ? ifreq.flags() : ifreq.number();
    }
  }

  /** Idempotent, from any thread. The device is no longer promiscuous for our sake. */
  @Override
  public void close() {
    file.close();
  }
}
