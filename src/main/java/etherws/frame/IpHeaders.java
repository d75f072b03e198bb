package etherws.frame;

import io.netty.buffer.ByteBuf;

/**
 * Where the headers of a TCP segment or UDP datagram lie in an Ethernet frame, as offsets from the
 * frame's first octet. One view is used for frame after frame.
 */
public final class IpHeaders {
  /*
   * Understood: up to three VLAN tags, two and one that a bridge has pushed; IPv4 with options, unless it is a fragment; IPv6 without
   * extension headers but options; TCP with options; UDP. All else is just a frame.
   */
  static final int TCP = 6;
  static final int UDP = 17;
  private static final int ICMPV6 = 58;

  private static final int ETHER_TYPE_IPV4 = 0x0800;
  private static final int ETHER_TYPE_IPV6 = 0x86dd;
  private static final int ETHER_TYPE_SERVICE_VLAN = 0x88a8;
  private static final int MAX_TAGS = 3;

  // Offsets of fields in their header, and lengths.
  static final int IPV4_MIN_LENGTH = 20;
  static final int IPV4_TOTAL_LENGTH = 2;
  static final int IPV4_ID = 4;
  static final int IPV4_FRAGMENT = 6;
  static final int IPV4_PROTOCOL = 9;
  static final int IPV4_CHECKSUM = 10;
  static final int IPV4_ADDRESSES = 12;
  static final int IPV4_ADDRESSES_LENGTH = 8;
  private static final int IPV4_MORE_FRAGMENTS_OR_OFFSET = 0x3fff;

  static final int IPV6_LENGTH = 40;
  private static final int HOP_BY_HOP_OPTIONS = 0;
  private static final int DESTINATION_OPTIONS = 60;
  private static final int OPTIONS_UNIT = 8;
  private static final int MAX_OPTION_HEADERS = 4;
  private static final int PAD1 = 0;
  private static final int HOME_ADDRESS = 0xc9;
  static final int IPV6_PAYLOAD_LENGTH = 4;
  static final int IPV6_NEXT_HEADER = 6;
  static final int IPV6_ADDRESSES = 8;
  static final int IPV6_ADDRESSES_LENGTH = 32;

  static final int TCP_MIN_LENGTH = 20;
  static final int TCP_SEQUENCE = 4;
  static final int TCP_ACKNOWLEDGMENT = 8;
  static final int TCP_FLAGS = 12;
  static final int TCP_WINDOW = 14;
  static final int TCP_CHECKSUM = 16;
  static final int TCP_URGENT = 18;
  static final int TCP_OPTIONS = 20;

  static final int UDP_HEADER_LENGTH = 8;
  static final int UDP_LENGTH = 4;
  static final int UDP_CHECKSUM = 6;

  private int network;
  private int transport;
  private int payload;
  private int end;
  private int protocol;
  private boolean ipv6;

  /** False if the frame is nothing of that kind, or is shorter than its headers say. */
  public boolean parse(EthernetFrame frame) {
    return parse(frame.buffer(), frame.start(), frame.length());
  }

  boolean parse(ByteBuf buffer, int start, int length) {
    protocol = 0;
    ipv6 = false;
    int etherType = skipTags(buffer, start, length);
    boolean ip =
        switch (etherType) {
          case ETHER_TYPE_IPV4 -> parseIpv4(buffer, start, length);
          case ETHER_TYPE_IPV6 -> parseIpv6(buffer, start, length);
          default -> false;
        };
    return ip && parseTransport(buffer, start);
  }

  private int skipTags(ByteBuf buffer, int start, int length) {
    network = EthernetFrame.HEADER_LENGTH;
    int etherType = buffer.getUnsignedShort(start + network - 2);
    for (int tags = 0; tags < MAX_TAGS && isTag(etherType); tags++) {
      network += EthernetFrame.TAG_LENGTH;
      if (length < network) {
        return 0;
      }
      etherType = buffer.getUnsignedShort(start + network - 2);
    }
    return etherType;
  }

  static boolean isTag(int etherType) {
    return etherType == EthernetFrame.ETHER_TYPE_VLAN || etherType == ETHER_TYPE_SERVICE_VLAN;
  }

  private boolean parseIpv4(ByteBuf buffer, int start, int length) {
    if (length < network + IPV4_MIN_LENGTH) {
      return false;
    }
    int at = start + network;
    int versionAndLength = buffer.getUnsignedByte(at);
    protocol = buffer.getUnsignedByte(at + IPV4_PROTOCOL);
    transport = network + (versionAndLength & 0xf) * 4;
    end = network + buffer.getUnsignedShort(at + IPV4_TOTAL_LENGTH);
    return versionAndLength >>> 4 == 4
        && transport - network >= IPV4_MIN_LENGTH
        && end <= length
        && (buffer.getShort(at + IPV4_FRAGMENT) & IPV4_MORE_FRAGMENTS_OR_OFFSET) == 0;
  }

  private boolean parseIpv6(ByteBuf buffer, int start, int length) {
    if (length < network + IPV6_LENGTH) {
      return false;
    }
    int at = start + network;
    ipv6 = true;
    protocol = buffer.getUnsignedByte(at + IPV6_NEXT_HEADER);
    transport = network + IPV6_LENGTH;
    end = transport + buffer.getUnsignedShort(at + IPV6_PAYLOAD_LENGTH);
    return buffer.getUnsignedByte(at) >>> 4 == 6 && end <= length && skipOptions(buffer, start);
  }

  /** Hop-by-hop and destination options: what may stand before the TCP header of a super-frame. */
  private boolean skipOptions(ByteBuf buffer, int start) {
    for (int i = 0; protocol == HOP_BY_HOP_OPTIONS || protocol == DESTINATION_OPTIONS; i++) {
      if (i == MAX_OPTION_HEADERS || transport + OPTIONS_UNIT > end) {
        return false;
      }
      int at = start + transport;
      int octets = (buffer.getUnsignedByte(at + 1) + 1) * OPTIONS_UNIT;
      if (transport + octets > end || hasHomeAddress(buffer, at + 2, at + octets)) {
        return false;
      }
      protocol = buffer.getUnsignedByte(at);
      transport += octets;
    }
    return true;
  }

  /** Mobile IPv6 puts an address of its own into the pseudo-header (RFC 6275 section 6.3). */
  private static boolean hasHomeAddress(ByteBuf buffer, int from, int to) {
    for (int at = from; at < to; ) {
      int type = buffer.getUnsignedByte(at);
      if (type == HOME_ADDRESS) {
        return true;
      }
      at += type == PAD1 || at + 1 == to ? 1 : 2 + buffer.getUnsignedByte(at + 1);
    }
    return false;
  }

  private boolean parseTransport(ByteBuf buffer, int start) {
    if (protocol == UDP) {
      payload = transport + UDP_HEADER_LENGTH;
      return payload <= end;
    }
    if (protocol != TCP || transport + TCP_MIN_LENGTH > end) {
      return false;
    }
    int octets = (buffer.getUnsignedByte(start + transport + TCP_FLAGS) >>> 4) * 4;
    payload = transport + octets;
    return octets >= TCP_MIN_LENGTH && payload <= end;
  }

  /** Offset of the IP header. */
  public int network() {
    return network;
  }

  /** Offset of the TCP or UDP header. */
  public int transport() {
    return transport;
  }

  /** Offset of what follows the TCP or UDP header: the length of all headers. */
  public int payload() {
    return payload;
  }

  /** Offset behind the IP datagram; what follows in the frame is padding. */
  public int end() {
    return end;
  }

  public boolean isIpv6() {
    return ipv6;
  }

  public boolean isTcp() {
    return protocol == TCP;
  }

  /** Offset of the checksum in the TCP or UDP header. */
  public int checksumOffset() {
    return isTcp() ? TCP_CHECKSUM : UDP_CHECKSUM;
  }

  /** Offset of the source address; the destination address follows. */
  int addresses() {
    return network + (ipv6 ? IPV6_ADDRESSES : IPV4_ADDRESSES);
  }

  /** Octets of both addresses. */
  int addressesLength() {
    return ipv6 ? IPV6_ADDRESSES_LENGTH : IPV4_ADDRESSES_LENGTH;
  }

  /**
   * After a frame was refused: whether it may be part of a TCP connection all the same, as a
   * fragment, behind extension headers, or malformed.
   */
  boolean mayBeTcp() {
    return ipv6 ? protocol != UDP && protocol != ICMPV6 : protocol == TCP;
  }

  void copyFrom(IpHeaders other) {
    network = other.network;
    transport = other.transport;
    payload = other.payload;
    end = other.end;
    protocol = other.protocol;
    ipv6 = other.ipv6;
  }

  /** The same headers, so many octets further from the first of the frame. */
  void shift(int octets) {
    network += octets;
    transport += octets;
    payload += octets;
    end += octets;
  }

  int protocol() {
    return protocol;
  }
}
