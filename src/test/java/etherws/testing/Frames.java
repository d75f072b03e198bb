package etherws.testing;

import etherws.frame.EthernetFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

/** Frames for tests. */
public final class Frames {
  public static final long ALICE = 0x02_00_00_00_00_0aL;
  public static final long BOB = 0x02_00_00_00_00_0bL;
  public static final long CAROL = 0x02_00_00_00_00_0cL;

  private Frames() {}

  /** An untagged frame of {@code length} octets; the payload counts up. */
  public static byte[] octets(long destination, long source, int length) {
    ByteBuf buffer = Unpooled.buffer(length);
    buffer.writeMedium((int) (destination >>> 24)).writeMedium((int) destination & 0xffffff);
    buffer.writeMedium((int) (source >>> 24)).writeMedium((int) source & 0xffffff);
    buffer.writeShort(0x88b5);
    while (buffer.writerIndex() < length) {
      buffer.writeByte(buffer.writerIndex());
    }
    return buffer.array();
  }

  public static EthernetFrame frame(long destination, long source) {
    return view(octets(destination, source, 60));
  }

  /** The same with an 802.1Q tag. */
  public static EthernetFrame tagged(long destination, long source, int tagControl) {
    byte[] plain = octets(destination, source, 60);
    ByteBuf buffer = Unpooled.buffer(64);
    buffer.writeBytes(plain, 0, 12).writeShort(0x8100).writeShort(tagControl);
    buffer.writeBytes(plain, 12, 48);
    return view(ByteBufUtil.getBytes(buffer));
  }

  public static EthernetFrame view(byte[] octets) {
    EthernetFrame frame = new EthernetFrame();
    frame.wrap(Unpooled.wrappedBuffer(octets), 0, octets.length);
    return frame;
  }
}
