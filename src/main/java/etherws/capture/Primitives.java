package etherws.capture;

import etherws.frame.MacAddress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** The conditions that a filter is built of. */
final class Primitives {
  /** Which end of a frame a condition is about. */
  enum Side {
    SOURCE,
    DESTINATION,
    EITHER;

    boolean matches(boolean source, boolean destination) {
      return switch (this) {
        case SOURCE -> source;
        case DESTINATION -> destination;
        case EITHER -> source || destination;
      };
    }
  }

  private static final int SOURCE_MAC = 6;
  private static final long MAC_BITS = 0xffff_ffff_ffffL;

  private static final int IPV4_SOURCE = 12;
  private static final int IPV4_DESTINATION = 16;
  private static final int IPV4_LENGTH = 20;
  private static final int ARP_SENDER = 14;
  private static final int ARP_TARGET = 24;
  private static final int ARP_LENGTH = 28;
  private static final int IPV6_SOURCE = 8;
  private static final int IPV6_DESTINATION = 24;
  private static final int IPV6_LENGTH = 40;

  private Primitives() {}

  static FrameFilter mac(Side side, long mac) {
    return (octets, start, _) ->
        side.matches(source(octets, start) == mac, destination(octets, start) == mac);
  }

  static FrameFilter broadcast() {
    return (octets, start, _) -> destination(octets, start) == MacAddress.BROADCAST;
  }

  static FrameFilter multicast() {
    return (octets, start, _) -> MacAddress.isGroup(destination(octets, start));
  }

  static FrameFilter etherType(int etherType) {
    return (octets, start, length) -> Headers.etherType(octets, start, length) == etherType;
  }

  static FrameFilter tagged() {
    return (octets, start, length) -> Headers.tags(octets, start, length) > 0;
  }

  static FrameFilter vlan(int vid) {
    return (octets, start, length) -> {
      for (int i = Headers.tags(octets, start, length) - 1; i >= 0; i--) {
        if (Headers.vid(octets, start, i) == vid) {
          return true;
        }
      }
      return false;
    };
  }

  static FrameFilter protocol(int protocol) {
    return (octets, start, length) ->
        Headers.protocol(Headers.transport(octets, start, length)) == protocol;
  }

  /** A TCP or UDP port. */
  static FrameFilter port(Side side, int port) {
    return (octets, start, length) -> {
      long transport = Headers.transport(octets, start, length);
      int protocol = Headers.protocol(transport);
      int header = Headers.offset(transport);
      if ((protocol != Headers.TCP && protocol != Headers.UDP)
          || header == 0
          || header + 4 > length) {
        return false;
      }
      int at = start + header;
      return side.matches(
          octets.getUnsignedShort(at) == port, octets.getUnsignedShort(at + 2) == port);
    };
  }

  /** An IP address of 4 or 16 octets; one of 4 in ARP too. */
  static FrameFilter host(Side side, byte[] address) {
    return address.length == 4 ? ipv4(side, address) : ipv6(side, address);
  }

  private static FrameFilter ipv4(Side side, byte[] address) {
    int wanted = Unpooled.wrappedBuffer(address).getInt(0);
    return (octets, start, length) -> {
      int network = Headers.network(octets, start, length);
      int etherType = octets.getUnsignedShort(start + network - 2);
      int at = start + network;
      if (etherType == Headers.IPV4 && length >= network + IPV4_LENGTH) {
        return side.matches(
            octets.getInt(at + IPV4_SOURCE) == wanted,
            octets.getInt(at + IPV4_DESTINATION) == wanted);
      }
      return etherType == Headers.ARP
          && length >= network + ARP_LENGTH
          && side.matches(
              octets.getInt(at + ARP_SENDER) == wanted, octets.getInt(at + ARP_TARGET) == wanted);
    };
  }

  private static FrameFilter ipv6(Side side, byte[] address) {
    long upper = Unpooled.wrappedBuffer(address).getLong(0);
    long lower = Unpooled.wrappedBuffer(address).getLong(8);
    return (octets, start, length) -> {
      int network = Headers.network(octets, start, length);
      int at = start + network;
      return octets.getUnsignedShort(at - 2) == Headers.IPV6
          && length >= network + IPV6_LENGTH
          && side.matches(
              isIpv6(octets, at + IPV6_SOURCE, upper, lower),
              isIpv6(octets, at + IPV6_DESTINATION, upper, lower));
    };
  }

  private static boolean isIpv6(ByteBuf octets, int at, long upper, long lower) {
    return octets.getLong(at) == upper && octets.getLong(at + 8) == lower;
  }

  private static long destination(ByteBuf octets, int start) {
    return octets.getLong(start) >>> 16;
  }

  private static long source(ByteBuf octets, int start) {
    return octets.getLong(start + SOURCE_MAC - 2) & MAC_BITS;
  }
}
