package etherws.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * A view of one Ethernet II frame (without FCS) in a buffer that somebody else owns.
 *
 * <p>One view per event loop is pointed at frame after frame; whoever keeps a frame beyond the call
 * it came in copies its octets.
 */
public final class EthernetFrame {
  /** Destination, source and EtherType, in octets. */
  public static final int HEADER_LENGTH = 14;

  /** One 802.1Q tag, in octets. */
  public static final int TAG_LENGTH = 4;

  /** The longest frame a port accepts: 64 KiB of payload behind a header and two tags. */
  public static final int MAX_LENGTH = HEADER_LENGTH + 2 * TAG_LENGTH + 0xffff;

  public static final int ETHER_TYPE_VLAN = 0x8100;

  private static final int SOURCE = 6;
  private static final int ETHER_TYPE = 12;
  private static final int TAG_CONTROL = 14;
  private static final long MAC_BITS = 0xffff_ffff_ffffL;
  private static final int VID_BITS = 0xfff;

  private ByteBuf buffer = Unpooled.EMPTY_BUFFER;
  private int start;
  private int length;

  /**
   * Points the view at {@code length} octets from absolute index {@code start}. False for a runt;
   * after true no accessor can fail as long as the buffer lives.
   */
  public boolean wrap(ByteBuf buffer, int start, int length) {
    this.buffer = buffer;
    this.start = start;
    this.length = length;
    return length >= HEADER_LENGTH;
  }

  public ByteBuf buffer() {
    return buffer;
  }

  /** Absolute index of the first octet in {@link #buffer()}. */
  public int start() {
    return start;
  }

  /** Octets from the destination address to the end of the payload. */
  public int length() {
    return length;
  }

  public long destination() {
    return buffer.getLong(start) >>> 16;
  }

  public long source() {
    return buffer.getLong(start + SOURCE - 2) & MAC_BITS;
  }

  public int etherType() {
    return buffer.getUnsignedShort(start + ETHER_TYPE);
  }

  /** The VID of an outer 802.1Q tag; 0 for an untagged or priority-tagged frame. */
  public int vid() {
    if (etherType() != ETHER_TYPE_VLAN || length < HEADER_LENGTH + TAG_LENGTH) {
      return 0;
    }
    return buffer.getUnsignedShort(start + TAG_CONTROL) & VID_BITS;
  }
}
