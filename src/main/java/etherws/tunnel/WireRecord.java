package etherws.tunnel;

import etherws.frame.EthernetFrame;
import etherws.frame.Offload;
import io.netty.buffer.ByteBuf;

/** One frame in a message of the sub-protocol {@code etherws.v2}. */
final class WireRecord {
  /*
   * struct record {
   *   u8   type;          // 0  0 to 3: a frame, and what is left to be done; others are skipped
   *   be24 length;        // 1  octets that follow the header
   *   be16 segment_size;  // 4  of types 2 and 3, else 0
   *   u8   reserved[4];   // 6  0; not looked at
   *   u8   frame[length];
   * };
   *
   * The header is as long as struct virtio_net_hdr: each can be written over the other, where the
   * frame lies.
   */
  static final int HEADER_LENGTH = 10;

  /** Octets of a message: room for one frame of any length, and for many small ones. */
  static final int MAX_MESSAGE = 128 * 1024;

  private WireRecord() {}

  /** Whether the wire takes the frame as it is; if not it has to be segmented. */
  static boolean carries(EthernetFrame frame) {
    return !frame.isSuperFrame() || frame.segmentSize() >= EthernetFrame.MIN_SEGMENT;
  }

  static void putHeader(ByteBuf out, int index, Offload offload, int length, int segmentSize) {
    out.setInt(index, offload.number() << 24 | length);
    out.setShort(index + 4, segmentSize);
    out.setInt(index + 6, 0);
  }

  static int type(ByteBuf in, int index) {
    return in.getUnsignedByte(index);
  }

  /** Octets behind the header. */
  static int length(ByteBuf in, int index) {
    return in.getUnsignedMedium(index + 1);
  }

  static int segmentSize(ByteBuf in, int index) {
    return in.getUnsignedShort(index + 4);
  }
}
