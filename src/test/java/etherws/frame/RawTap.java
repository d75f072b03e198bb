package etherws.frame;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import etherws.linux.IfReq;
import etherws.linux.LibC;
import etherws.linux.NetDevice;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A TAP with vnet headers as they are. The kernel takes all offloads on a write, and leaves nothing
 * to be done in what is read.
 */
public final class RawTap implements AutoCloseable {
  private static final int HEADER_LENGTH = 10;
  private static final int IFF_TAP_NO_PI_VNET_HDR = 0x5002;
  private static final long TUNSETIFF = 0x400454ca;
  private static final long TUNSETOFFLOAD = 0x400454d0;
  private static final long TUNSETVNETLE = 0x400454dc;
  private static final int TIMEOUT_MILLIS = 5_000;
  private static final int NEEDS_CSUM = 1;
  private static final int ECN = 0x80;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment memory = arena.allocate(1 << 18);
  private final int fd;

  public RawTap(String device) {
    this(device, 0);
  }

  /** With more flags of TUNSETIFF. */
  RawTap(String device, int flags) {
    fd = check(LibC.open("/dev/net/tun", LibC.O_RDWR | LibC.O_CLOEXEC));
    IfReq ifreq = new IfReq(arena, device);
    ifreq.flags(IFF_TAP_NO_PI_VNET_HDR | flags);
    check(LibC.ioctl(fd, TUNSETIFF, ifreq.address()));
    check(LibC.ioctl(fd, TUNSETVNETLE, arena.allocateFrom(JAVA_INT, 1).address()));
    check(LibC.ioctl(fd, TUNSETOFFLOAD, 0));
    new NetDevice(device).setUp();
  }

  /** What a driver writes that knows all of it. */
  public static byte[] header(EthernetFrame frame) {
    IpHeaders headers = frame.headers();
    int flags = frame.start() + headers.transport() + IpHeaders.TCP_FLAGS;
    boolean ecn = (frame.buffer().getUnsignedShort(flags) & Packet.CWR) != 0;
    int type =
        switch (frame.offload()) {
          case NONE, CHECKSUM -> 0;
          case TCP -> (headers.isIpv6() ? 4 : 1) | (ecn ? ECN : 0);
          case UDP -> 5;
        };
    return header(
        NEEDS_CSUM,
        type,
        type == 0 ? 0 : headers.payload(),
        frame.segmentSize(),
        headers.transport(),
        headers.checksumOffset());
  }

  static byte[] header(int flags, int type, int length, int size, int start, int offset) {
    byte[] header = new byte[HEADER_LENGTH];
    header[0] = (byte) flags;
    header[1] = (byte) type;
    int[] shorts = {length, size, start, offset};
    for (int i = 0; i < shorts.length; i++) {
      header[2 + 2 * i] = (byte) shorts[i];
      header[3 + 2 * i] = (byte) (shorts[i] >> 8);
    }
    return header;
  }

  /** Octets written, or -errno. */
  public long write(byte[] header, byte[] frame) {
    MemorySegment.copy(header, 0, memory, JAVA_BYTE, 0, HEADER_LENGTH);
    MemorySegment.copy(frame, 0, memory, JAVA_BYTE, HEADER_LENGTH, frame.length);
    return LibC.write(fd, memory.address(), HEADER_LENGTH + frame.length);
  }

  /** The next frame, which must come. */
  public byte[] read() {
    MemorySegment pollfd = arena.allocateFrom(JAVA_INT, fd, LibC.POLLIN);
    if (LibC.poll(pollfd.address(), 1, TIMEOUT_MILLIS) != 1) {
      throw new AssertionError("no frame came");
    }
    int length = check((int) LibC.read(fd, memory.address(), memory.byteSize()));
    byte[] octets = memory.asSlice(0, length).toArray(JAVA_BYTE);
    return Arrays.copyOfRange(octets, HEADER_LENGTH, length);
  }

  @Override
  public void close() {
    LibC.close(fd);
    arena.close();
  }

  private static int check(int result) {
    if (result < 0) {
      throw new AssertionError("errno " + -result);
    }
    return result;
  }
}
