package etherws.frame;

import io.netty.buffer.ByteBuf;

/** Which conversation a frame belongs to, and whether a network stands still without it. */
public final class Flow {
  private static final int ETHER_TYPE_IPV4 = 0x0800;
  private static final int ETHER_TYPE_ARP = 0x0806;
  private static final int ETHER_TYPE_IPV6 = 0x86dd;
  private static final int ETHER_TYPE_EAPOL = 0x888e;
  private static final int ETHER_TYPE_LLDP = 0x88cc;

  /** Below it the field is a length, and the frame LLC: spanning tree. */
  private static final int MIN_ETHER_TYPE = 0x0600;

  private static final int ICMPV6 = 58;
  private static final int ROUTER_SOLICITATION = 133;
  private static final int REDIRECT = 137;
  private static final int IPV4_LENGTH = 20;
  private static final int IPV6_LENGTH = 40;
  private static final int PORTS = 4;
  private static final long SPREAD = 0x9e37_79b9_7f4a_7c15L;

  private Flow() {}

  /**
   * A hash over addresses and, of TCP and UDP, ports; fragments and other protocols count by their
   * addresses, what is not IP by its MAC addresses.
   */
  public static int hash(EthernetFrame frame) {
    ByteBuf buffer = frame.buffer();
    int network = networkOf(frame);
    int at = frame.start() + network;
    int room = frame.length() - network;
    return switch (etherTypeAt(frame, network)) {
      case ETHER_TYPE_IPV4 -> room < IPV4_LENGTH ? hashMac(frame) : hashIpv4(buffer, at, room);
      case ETHER_TYPE_IPV6 -> room < IPV6_LENGTH ? hashMac(frame) : hashIpv6(buffer, at, room);
      default -> hashMac(frame);
    };
  }

  private static int hashMac(EthernetFrame frame) {
    return mix(mix(0, frame.destination()), frame.source()) >>> 1;
  }

  private static int hashIpv4(ByteBuf buffer, int at, int room) {
    int protocol = buffer.getUnsignedByte(at + 9);
    int hash = mix(protocol, buffer.getLong(at + 12));
    int transport = (buffer.getByte(at) & 0xf) * 4;
    boolean fragment = (buffer.getShort(at + 6) & 0x3fff) != 0;
    return hashPorts(hash, fragment ? 0 : protocol, buffer, at + transport, room - transport);
  }

  private static int hashIpv6(ByteBuf buffer, int at, int room) {
    int protocol = buffer.getUnsignedByte(at + 6);
    int hash = protocol;
    for (int i = 8; i < IPV6_LENGTH; i += 8) {
      hash = mix(hash, buffer.getLong(at + i));
    }
    return hashPorts(hash, protocol, buffer, at + IPV6_LENGTH, room - IPV6_LENGTH);
  }

  private static int hashPorts(int hash, int protocol, ByteBuf buffer, int at, int room) {
    boolean ports = (protocol == IpHeaders.TCP || protocol == IpHeaders.UDP) && room >= PORTS;
    return (ports ? mix(hash, buffer.getInt(at)) : hash) >>> 1;
  }

  private static int mix(int hash, long value) {
    long mixed = (hash * 31L + value) * SPREAD;
    return (int) (mixed >>> 32 ^ mixed);
  }

  /**
   * True for what must not wait behind other traffic: ARP, neighbour and router discovery, DHCP,
   * EAPOL, LLDP and spanning tree.
   */
  public static boolean isControl(EthernetFrame frame) {
    int network = networkOf(frame);
    int etherType = etherTypeAt(frame, network);
    ByteBuf buffer = frame.buffer();
    int at = frame.start() + network;
    int room = frame.length() - network;
    return switch (etherType) {
      case ETHER_TYPE_ARP, ETHER_TYPE_EAPOL, ETHER_TYPE_LLDP -> true;
      case ETHER_TYPE_IPV4 -> room >= IPV4_LENGTH && isControlIpv4(buffer, at, room);
      case ETHER_TYPE_IPV6 -> room > IPV6_LENGTH + PORTS && isControlIpv6(buffer, at);
      default -> etherType < MIN_ETHER_TYPE;
    };
  }

  private static boolean isControlIpv4(ByteBuf buffer, int at, int room) {
    int transport = (buffer.getByte(at) & 0xf) * 4;
    return buffer.getUnsignedByte(at + 9) == IpHeaders.UDP
        && (buffer.getShort(at + 6) & 0x1fff) == 0
        && room >= transport + PORTS
        && isDhcp(buffer.getUnsignedShort(at + transport + 2), 67);
  }

  private static boolean isControlIpv6(ByteBuf buffer, int at) {
    int transport = at + IPV6_LENGTH;
    return switch (buffer.getUnsignedByte(at + 6)) {
      case ICMPV6 -> isDiscovery(buffer.getUnsignedByte(transport));
      case IpHeaders.UDP -> isDhcp(buffer.getUnsignedShort(transport + 2), 546);
      default -> false;
    };
  }

  private static boolean isDhcp(int port, int first) {
    return port == first || port == first + 1;
  }

  private static boolean isDiscovery(int type) {
    return type >= ROUTER_SOLICITATION && type <= REDIRECT;
  }

  /** Offset behind the Ethernet header and at most two tags. */
  private static int networkOf(EthernetFrame frame) {
    int network = EthernetFrame.HEADER_LENGTH;
    for (int tags = 0; tags < 2; tags++) {
      if (!IpHeaders.isTag(etherTypeAt(frame, network))
          || frame.length() < network + EthernetFrame.TAG_LENGTH) {
        break;
      }
      network += EthernetFrame.TAG_LENGTH;
    }
    return network;
  }

  private static int etherTypeAt(EthernetFrame frame, int network) {
    return frame.buffer().getUnsignedShort(frame.start() + network - 2);
  }
}
