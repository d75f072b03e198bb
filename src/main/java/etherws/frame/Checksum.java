package etherws.frame;

import io.netty.buffer.ByteBuf;

/** The Internet checksum (RFC 1071). Sums are in network order and folded to 16 bits on demand. */
public final class Checksum {
  private static final int IPV4_ADDRESSES = 12;
  private static final int IPV4_ADDRESSES_LENGTH = 8;
  private static final int IPV6_ADDRESSES = 8;
  private static final int IPV6_ADDRESSES_LENGTH = 32;

  private Checksum() {}

  /** The sum of the octets as 16-bit words; an odd last octet is the upper half of a word. */
  static long sum(ByteBuf buffer, int index, int length) {
    long sum = 0;
    int at = index;
    for (int end = index + (length & ~3); at < end; at += 4) {
      sum += buffer.getUnsignedInt(at);
    }
    if ((length & 2) != 0) {
      sum += buffer.getUnsignedShort(at);
      at += 2;
    }
    if ((length & 1) != 0) {
      sum += (long) buffer.getUnsignedByte(at) << 8;
    }
    return sum;
  }

  /** Folds a sum to 16 bits, not inverted. */
  static int fold(long sum) {
    long folded = (sum & 0xffff_ffffL) + (sum >>> 32);
    folded = (folded & 0xffff) + (folded >>> 16 & 0xffff) + (folded >>> 32);
    folded = (folded & 0xffff) + (folded >>> 16);
    return (int) ((folded & 0xffff) + (folded >>> 16));
  }

  /**
   * The sum of the pseudo-header of a TCP segment or UDP datagram (RFC 9293 section 3.1, RFC 8200
   * section 8.1).
   *
   * @param length octets of the transport header and what follows it
   */
  static long pseudoHeader(ByteBuf buffer, int start, IpHeaders headers, int length) {
    int network = start + headers.network();
    long addresses =
        headers.isIpv6()
            ? sum(buffer, network + IPV6_ADDRESSES, IPV6_ADDRESSES_LENGTH)
            : sum(buffer, network + IPV4_ADDRESSES, IPV4_ADDRESSES_LENGTH);
    return addresses + headers.protocol() + length;
  }

  /**
   * Completes a checksum whose field holds the sum of what precedes {@code from}, as a network
   * device does that was told {@code csum_start} and {@code csum_offset}.
   *
   * @param from absolute index of the first octet to sum
   * @param length octets to sum
   * @param field absolute index of the checksum; inside of what is summed
   */
  public static void complete(ByteBuf buffer, int from, int length, int field) {
    int checksum = ~fold(sum(buffer, from, length)) & 0xffff;
    buffer.setShort(
        field, checksum == 0 ? 0xffff : checksum); // 0 means none to UDP, the same to TCP
  }
}
