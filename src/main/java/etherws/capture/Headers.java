package etherws.capture;

import io.netty.buffer.ByteBuf;

/**
 * Where the headers of a frame are and what they say: pure functions on its octets, which may be
 * anything. Offsets count from the frame's first octet.
 */
final class Headers {
  static final int IPV4 = 0x0800;
  static final int ARP = 0x0806;
  static final int IPV6 = 0x86dd;

  static final int ICMP = 1;
  static final int TCP = 6;
  static final int UDP = 17;
  static final int ICMPV6 = 58;

  /** No IP protocol. */
  static final long NONE = -1;

  private static final int ETHERNET_LENGTH = 14;
  private static final int TAG_LENGTH = 4;
  private static final int MAX_TAGS = 2;
  private static final int VLAN = 0x8100;
  private static final int SERVICE_VLAN = 0x88a8;
  private static final int VID_BITS = 0xfff;

  private static final int IPV4_MIN_LENGTH = 20;
  private static final int IPV4_FRAGMENT = 6;
  private static final int IPV4_PROTOCOL = 9;
  private static final int IPV4_OFFSET_BITS = 0x1fff;

  private static final int IPV6_LENGTH = 40;
  private static final int IPV6_NEXT_HEADER = 6;
  private static final int IPV6_OFFSET_BITS = 0xfff8;
  private static final int HOP_BY_HOP = 0;
  private static final int ROUTING = 43;
  private static final int FRAGMENT = 44;
  private static final int DESTINATION_OPTIONS = 60;
  private static final int EXTENSION_MIN_LENGTH = 8;
  private static final int MAX_EXTENSIONS = 8;

  private Headers() {}

  /** Offset of what the last EtherType announces, behind all tags. */
  static int network(ByteBuf octets, int start, int length) {
    int at = ETHERNET_LENGTH;
    for (int tags = 0; tags < MAX_TAGS; tags++) {
      if (!isTag(octets.getUnsignedShort(start + at - 2)) || length < at + TAG_LENGTH) {
        return at;
      }
      at += TAG_LENGTH;
    }
    return at;
  }

  /** The EtherType behind all tags. */
  static int etherType(ByteBuf octets, int start, int length) {
    return octets.getUnsignedShort(start + network(octets, start, length) - 2);
  }

  /** Tags before the EtherType, two at most. */
  static int tags(ByteBuf octets, int start, int length) {
    return (network(octets, start, length) - ETHERNET_LENGTH) / TAG_LENGTH;
  }

  /** The VID of the {@code i}-th tag, the outer one is 0. */
  static int vid(ByteBuf octets, int start, int i) {
    return octets.getUnsignedShort(start + ETHERNET_LENGTH + i * TAG_LENGTH) & VID_BITS;
  }

  private static boolean isTag(int etherType) {
    return etherType == VLAN || etherType == SERVICE_VLAN;
  }

  /**
   * The IP protocol in the upper half, the offset of its header in the lower: 0 where that is not
   * in the frame, as in all fragments but the first. {@link #NONE} if the frame is not IP.
   */
  static long transport(ByteBuf octets, int start, int length) {
    int network = network(octets, start, length);
    return switch (octets.getUnsignedShort(start + network - 2)) {
      case IPV4 -> behindIpv4(octets, start, length, network);
      case IPV6 -> behindIpv6(octets, start, length, network);
      default -> NONE;
    };
  }

  private static long behindIpv4(ByteBuf octets, int start, int length, int network) {
    if (length < network + IPV4_MIN_LENGTH) {
      return NONE;
    }
    int at = start + network;
    int fragment = octets.getUnsignedShort(at + IPV4_FRAGMENT) & IPV4_OFFSET_BITS;
    int header = network + (octets.getByte(at) & 0xf) * 4;
    int protocol = octets.getUnsignedByte(at + IPV4_PROTOCOL);
    return pack(protocol, fragment == 0 ? header : 0);
  }

  private static long behindIpv6(ByteBuf octets, int start, int length, int network) {
    if (length < network + IPV6_LENGTH) {
      return NONE;
    }
    int protocol = octets.getUnsignedByte(start + network + IPV6_NEXT_HEADER);
    int header = network + IPV6_LENGTH;
    for (int i = 0; i < MAX_EXTENSIONS && isExtension(protocol); i++) {
      if (header + EXTENSION_MIN_LENGTH > length) {
        return pack(protocol, 0);
      }
      int at = start + header;
      int next = octets.getUnsignedByte(at);
      boolean whole =
          protocol != FRAGMENT || (octets.getUnsignedShort(at + 2) & IPV6_OFFSET_BITS) == 0;
      if (!whole) {
        return pack(next, 0);
      }
      header += protocol == FRAGMENT ? 8 : (octets.getUnsignedByte(at + 1) + 1) * 8;
      protocol = next;
    }
    return pack(protocol, header);
  }

  private static boolean isExtension(int protocol) {
    return switch (protocol) {
      case HOP_BY_HOP, ROUTING, FRAGMENT, DESTINATION_OPTIONS -> true;
      default -> false;
    };
  }

  private static long pack(int protocol, int offset) {
    return (long) protocol << 32 | offset;
  }

  static int protocol(long transport) {
    return (int) (transport >> 32);
  }

  static int offset(long transport) {
    return (int) transport;
  }
}
