package etherws.tap;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import etherws.frame.Checksum;
import etherws.frame.EthernetFrame;
import etherws.frame.IpHeaders;
import etherws.frame.Offload;
import io.netty.buffer.ByteBuf;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/** {@code struct virtio_net_hdr}: what stands before each frame on a TAP's file. */
final class VnetHeader {
  /*
   * struct virtio_net_hdr {
   *   u8   flags;          // 0
   *   u8   gso_type;       // 1
   *   le16 hdr_len;        // 2
   *   le16 gso_size;       // 4
   *   le16 csum_start;     // 6
   *   le16 csum_offset;    // 8
   * };
   *
   * All zero means a plain frame with its checksums in place. What we write is made from headers
   * that EthernetFrame has checked, and from nothing else: the kernel itself believes too much.
   */
  static final int LENGTH = 10;

  private static final int GSO_TYPE = 1;
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
  private static final boolean LITTLE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

  private VnetHeader() {}

  /**
   * Gives the frame the facts of the header before it. A checksum in a place that only the kernel
   * understands, an inner one of VXLAN for example, is completed here.
   *
   * @param index absolute, of the header
   * @return false if the facts don't fit the frame, which is of no use then
   */
  static boolean read(ByteBuf buffer, int index, EthernetFrame frame) {
    int flags = buffer.getByte(index);
    int gsoType = buffer.getUnsignedByte(index + GSO_TYPE) & ~GSO_ECN;
    if ((flags & F_NEEDS_CSUM) == 0) {
      return gsoType == GSO_NONE;
    }
    int from = buffer.getUnsignedShortLE(index + CSUM_START);
    int field = from + buffer.getUnsignedShortLE(index + CSUM_OFFSET);
    int segmentSize = buffer.getUnsignedShortLE(index + GSO_SIZE);
    boolean ours = isTransportChecksum(frame, from, field);
    return switch (gsoType) {
      case GSO_NONE -> (ours && frame.offload(Offload.CHECKSUM, 0)) || complete(frame, from, field);
      case GSO_TCPV4, GSO_TCPV6 -> ours && frame.offload(Offload.TCP, segmentSize);
      case GSO_UDP_L4 -> ours && frame.offload(Offload.UDP, segmentSize);
      default -> false;
    };
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

  /** Writes the header for a frame at an offset of {@code memory}. */
  static void write(MemorySegment memory, long at, EthernetFrame frame) {
    Offload offload = frame.offload();
    if (offload == Offload.NONE) {
      memory.set(JAVA_LONG_UNALIGNED, at, 0);
      memory.set(JAVA_SHORT_UNALIGNED, at + CSUM_OFFSET, (short) 0);
      return;
    }
    IpHeaders headers = frame.headers();
    int typeAndFlags = gsoType(frame) << 8 | F_NEEDS_CSUM;
    int lengthAndSize = frame.isSuperFrame() ? headers.payload() | frame.segmentSize() << 16 : 0;
    long octets =
        typeAndFlags | (lengthAndSize & 0xffff_ffffL) << 16 | (long) headers.transport() << 48;
    short offset = (short) headers.checksumOffset();
    memory.set(JAVA_LONG_UNALIGNED, at, LITTLE ? octets : Long.reverseBytes(octets));
    memory.set(
        JAVA_SHORT_UNALIGNED, at + CSUM_OFFSET, LITTLE ? offset : Short.reverseBytes(offset));
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
