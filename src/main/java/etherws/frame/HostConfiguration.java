package etherws.frame;

import io.netty.buffer.ByteBuf;

/**
 * What tells hosts their addresses and routers: messages of DHCP servers, IPv6 router
 * advertisements and redirects. Whoever sends them without being asked to takes over a network.
 */
public enum HostConfiguration {
  /** Neither. */
  NONE,

  /** UDP to the port of a DHCP client, v4 or v6. */
  DHCP,

  /** ICMPv6 router advertisement or redirect. */
  ROUTER,

  /** It may be either: its headers don't tell, and are made as if not to. */
  UNDETERMINABLE;

  /*
   * Evasions are what this has to see through (RFC 7113): tags and SNAP headers stacked before IP,
   * extension headers, and first fragments so short that what they carry is not among them. Later
   * fragments pass; without the first they are nothing. A client listens on its port whatever port
   * the message comes from, so the source port tells nothing.
   */
  private static final int ETHER_TYPE_IPV4 = 0x0800;
  private static final int ETHER_TYPE_IPV6 = 0x86dd;
  private static final int MIN_ETHER_TYPE = 0x0600;
  private static final int SNAP_LENGTH = 8;
  private static final int SNAP = 0xaaaa03;
  private static final int MAX_LAYERS = 8;

  private static final int HOP_BY_HOP = 0;
  private static final int ROUTING = 43;
  private static final int FRAGMENT = 44;
  private static final int AUTHENTICATION = 51;
  private static final int ICMPV6 = 58;
  private static final int DESTINATION = 60;
  private static final int MOBILITY = 135;
  private static final int HIP = 139;
  private static final int SHIM6 = 140;
  private static final int MIN_EXTENSION = 8;
  private static final int FRAGMENT_OFFSET = 0xfff8;

  private static final int UDP_PORTS = 4;
  private static final int DHCP_CLIENT = 68;
  private static final int DHCPV6_CLIENT = 546;
  private static final int ROUTER_ADVERTISEMENT = 134;
  private static final int REDIRECT = 137;

  /** What the frame is, as far as its headers tell. */
  public static HostConfiguration of(EthernetFrame frame) {
    ByteBuf buffer = frame.buffer();
    int end = frame.start() + frame.length();
    int at = frame.start() + EthernetFrame.HEADER_LENGTH;
    for (int layers = 0; layers < MAX_LAYERS; layers++) {
      int type = buffer.getUnsignedShort(at - 2);
      if (type == ETHER_TYPE_IPV4) {
        return ofIpv4(buffer, at, end);
      } else if (type == ETHER_TYPE_IPV6) {
        return ofIpv6(buffer, at + IpHeaders.IPV6_LENGTH, end);
      } else if (IpHeaders.isTag(type) && at + EthernetFrame.TAG_LENGTH <= end) {
        at += EthernetFrame.TAG_LENGTH;
      } else if (isSnap(buffer, type, at, end)) {
        at += SNAP_LENGTH;
      } else {
        return NONE;
      }
    }
    return UNDETERMINABLE;
  }

  private static boolean isSnap(ByteBuf buffer, int length, int at, int end) {
    return length < MIN_ETHER_TYPE
        && at + SNAP_LENGTH <= end
        && buffer.getUnsignedMedium(at) == SNAP;
  }

  private static HostConfiguration ofIpv4(ByteBuf buffer, int at, int end) {
    if (at + IpHeaders.IPV4_MIN_LENGTH > end
        || buffer.getUnsignedByte(at + IpHeaders.IPV4_PROTOCOL) != IpHeaders.UDP
        || (buffer.getShort(at + IpHeaders.IPV4_FRAGMENT) & 0x1fff) != 0) {
      return NONE;
    }
    return ofUdp(buffer, at + (buffer.getByte(at) & 0xf) * 4, end, DHCP_CLIENT);
  }

  private static HostConfiguration ofUdp(ByteBuf buffer, int at, int end, int client) {
    boolean other = at + UDP_PORTS <= end && buffer.getUnsignedShort(at + 2) != client;
    return other ? NONE : DHCP;
  }

  /**
   * @param first index of what follows the IPv6 header
   */
  private static HostConfiguration ofIpv6(ByteBuf buffer, int first, int end) {
    if (first > end) {
      return NONE; // no host takes it
    }
    int at = first;
    int next = buffer.getUnsignedByte(at - IpHeaders.IPV6_LENGTH + IpHeaders.IPV6_NEXT_HEADER);
    for (int headers = 0; headers < MAX_LAYERS; headers++) {
      if (next == ICMPV6) {
        return at < end && !isRouter(buffer.getUnsignedByte(at)) ? NONE : ROUTER;
      } else if (next == IpHeaders.UDP) {
        return ofUdp(buffer, at, end, DHCPV6_CLIENT);
      } else if (!isExtension(next)) {
        return NONE;
      } else if (at + MIN_EXTENSION > end) {
        return UNDETERMINABLE;
      } else if (next == FRAGMENT && (buffer.getShort(at + 2) & FRAGMENT_OFFSET) != 0) {
        return NONE;
      }
      int length = extensionLength(next, buffer.getUnsignedByte(at + 1));
      next = buffer.getUnsignedByte(at);
      at += length;
    }
    return UNDETERMINABLE;
  }

  private static boolean isRouter(int type) {
    return type == ROUTER_ADVERTISEMENT || type == REDIRECT;
  }

  private static boolean isExtension(int header) {
    return switch (header) {
      case HOP_BY_HOP, ROUTING, FRAGMENT, AUTHENTICATION, DESTINATION, MOBILITY, HIP, SHIM6 -> true;
      default -> false;
    };
  }

  private static int extensionLength(int header, int length) {
    return switch (header) {
      case FRAGMENT -> MIN_EXTENSION;
      case AUTHENTICATION -> (length + 2) * 4;
      default -> (length + 1) * 8;
    };
  }
}
