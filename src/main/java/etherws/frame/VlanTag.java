package etherws.frame;

import io.netty.buffer.ByteBuf;

/** Puts 802.1Q tags into frames that may be {@linkplain EthernetFrame#own overwritten}. */
public final class VlanTag {
  private VlanTag() {}

  /**
   * Puts a tag between the addresses and the rest, into {@link EthernetFrame#TAG_LENGTH} octets of
   * headroom.
   */
  public static void push(EthernetFrame frame, int vid) {
    shift(frame, -EthernetFrame.TAG_LENGTH);
    ByteBuf octets = frame.buffer();
    octets.setShort(frame.start() + EthernetFrame.ETHER_TYPE, EthernetFrame.ETHER_TYPE_VLAN);
    octets.setShort(frame.start() + EthernetFrame.TAG_CONTROL, vid);
  }

  /** Takes the tag out. */
  public static void pop(EthernetFrame frame) {
    shift(frame, EthernetFrame.TAG_LENGTH);
  }

  /** Changes the VID in the tag, and nothing else of it. */
  public static void setVid(EthernetFrame frame, int vid) {
    int at = frame.start() + EthernetFrame.TAG_CONTROL;
    int control = frame.buffer().getUnsignedShort(at);
    frame.buffer().setShort(at, (control & ~EthernetFrame.VID_BITS) | vid);
  }

  /** The addresses move with the start. */
  private static void shift(EthernetFrame frame, int octets) {
    long destination = frame.destination();
    long source = frame.source();
    frame.moveStart(octets);
    frame.buffer().setLong(frame.start(), destination << 16 | source >>> 32);
    frame.buffer().setInt(frame.start() + Long.BYTES, (int) source);
  }
}
