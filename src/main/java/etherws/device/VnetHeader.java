package etherws.device;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import etherws.frame.Checksum;
import etherws.frame.EthernetFrame;
import etherws.frame.IpHeaders;
import etherws.frame.Offload;
import io.netty.buffer.ByteBuf;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/** {@code struct virtio_net_hdr}: what stands before each frame on the file of a device. */
public final class VnetHeader {
  /*
   * struct virtio_net_hdr {
   *   u8   flags;          // 0
   *   u8   gso_type;       // 1
   *   u16  hdr_len;        // 2
   *   u16  gso_size;       // 4
   *   u16  csum_start;     // 6
   *   u16  csum_offset;    // 8
   * };
   *
   * In the machine's own order of octets: a TAP could be told another, a packet socket can't.
   *
   * All zero means a plain frame with its checksums in place. What we write is made from headers
   * that EthernetFrame has checked, and from nothing else: the kernel itself believes too much.
   */
  public static final int LENGTH = 10;

  /** Whether its numbers are little-endian. */
  public static final boolean LITTLE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

  private static final int GSO_TYPE = 1;
  private static final int HEADER_LENGTH = 2;
  private static final int GSO_SIZE = 4;
  private static final int CSUM_START = 6;
  private static final int CSUM_OFFSET = 8;

  // linux/virtio_net.h
  private static final int F_NEEDS_CSUM = 1;
  private static final int GSO_NONE = 0;
  private static final int GSO_TCPV4 = 1;
  private static final int GSO_TCPV6 = 4;
  private static final int GSO_UDP_L4 = 5;
  private static final int GSO_ECN = 0x80;

  private static final int TCP_FLAGS = 13;
  private static final int CWR = 0x80;

  private VnetHeader() {}

  /**
   * Gives the frame the facts of the header before it. A checksum in a place that only the kernel
   * understands, an inner one of VXLAN for example, is completed here.
   *
   * @param index absolute, of the header
   * @return false if the facts don't fit the frame, which is of no use then
   */
  public static boolean read(ByteBuf buffer, int index, EthernetFrame frame) {
    int flags = buffer.getByte(index);
    int gsoType = buffer.getUnsignedByte(index + GSO_TYPE) & ~GSO_ECN;
    if ((flags & F_NEEDS_CSUM) == 0) {
      return gsoType == GSO_NONE;
    }
    int from = u16(buffer, index + CSUM_START);
    int field = from + u16(buffer, index + CSUM_OFFSET);
    int segmentSize = u16(buffer, index + GSO_SIZE);
    boolean ours = isTransportChecksum(frame, from, field);
    return switch (gsoType) {
      case GSO_NONE -> (ours && frame.offload(Offload.CHECKSUM, 0)) || complete(frame, from, field);
      case GSO_TCPV4, GSO_TCPV6 -> ours && frame.offload(Offload.TCP, segmentSize);
      case GSO_UDP_L4 -> ours && frame.offload(Offload.UDP, segmentSize);
      default -> false;
    };
  }

  private static int u16(ByteBuf buffer, int index) {
    return LITTLE ? buffer.getUnsignedShortLE(index) : buffer.getUnsignedShort(index);
  }

  private static boolean isTransportChecksum(EthernetFrame frame, int from, int field) {
    IpHeaders headers = frame.headers();
    return headers.parse(frame)
        && headers.transport() == from
        && headers.transport() + headers.checksumOffset() == field;
  }

  private static boolean complete(EthernetFrame frame, int from, int field) {
    if (field + 2 > frame.length()) {
      return false;
    }
    int start = frame.start();
    Checksum.complete(frame.buffer(), start + from, frame.length() - from, start + field);
    return true;
  }

  /**
   * The octets of the frame are further behind than the header says: a tag was put in before them.
   *
   * @param at of the header in {@code memory}
   */
  public static void shift(MemorySegment memory, long at, int octets) {
    if ((memory.get(JAVA_BYTE, at) & F_NEEDS_CSUM) != 0) {
      short from = memory.get(JAVA_SHORT_UNALIGNED, at + CSUM_START);
      set(memory, at + CSUM_START, from + octets);
    }
  }

  /** Writes the header for a frame at an offset of {@code memory}. */
  public static void write(MemorySegment memory, long at, EthernetFrame frame) {
    Offload offload = frame.offload();
    if (offload == Offload.NONE) {
      memory.set(JAVA_LONG_UNALIGNED, at, 0);
      memory.set(JAVA_SHORT_UNALIGNED, at + CSUM_OFFSET, (short) 0);
      return;
    }
    IpHeaders headers = frame.headers();
    memory.set(JAVA_BYTE, at, (byte) F_NEEDS_CSUM);
    memory.set(JAVA_BYTE, at + GSO_TYPE, (byte) gsoType(frame));
    set(memory, at + HEADER_LENGTH, frame.isSuperFrame() ? headers.payload() : 0);
    set(memory, at + GSO_SIZE, frame.segmentSize());
    set(memory, at + CSUM_START, headers.transport());
    set(memory, at + CSUM_OFFSET, headers.checksumOffset());
  }

  private static void set(MemorySegment memory, long at, int value) {
    memory.set(JAVA_SHORT_UNALIGNED, at, (short) value);
  }

  private static int gsoType(EthernetFrame frame) {
    return switch (frame.offload()) {
      case NONE, CHECKSUM -> GSO_NONE;
      case UDP -> GSO_UDP_L4;
      case TCP -> (frame.headers().isIpv6() ? GSO_TCPV6 : GSO_TCPV4) | ecn(frame);
    };
  }

  private static int ecn(EthernetFrame frame) {
    int flags = frame.start() + frame.headers().transport() + TCP_FLAGS;
    return (frame.buffer().getByte(flags) & CWR) == 0 ? 0 : GSO_ECN;
  }
}
