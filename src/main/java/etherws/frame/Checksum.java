package etherws.frame;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.netty.buffer.ByteBuf;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Objects;

/** The Internet checksum (RFC 1071). Sums are in network order and folded to 16 bits on demand. */
public final class Checksum {
  /*
   * RFC 1071 section 2: the sum doesn't depend on the order of the octets in a word. So memory is
   * summed as it lies there, eight octets a step, and the result swapped once. The loop is one that
   * C2 turns into vector instructions: the induction variable is the address itself, the segment a
   * constant. It takes a while to get going; headers are summed by a loop that C2 leaves as it is.
   */
  private static final int SHORT = 64;
  private static final MemorySegment MEMORY = allMemory();
  private static final boolean BIG_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN;

  private Checksum() {}

  /** The sum of the octets as 16-bit words; an odd last octet is the upper half of a word. */
  static long sum(ByteBuf buffer, int index, int length) {
    if (buffer.hasMemoryAddress()) {
      Objects.checkFromIndexSize(index, length, buffer.capacity());
      int sum = fold(sumMemory(buffer.memoryAddress() + index, length));
      return BIG_ENDIAN ? sum : Short.toUnsignedInt(Short.reverseBytes((short) sum));
    }
    return sumAny(buffer, index, length);
  }

  /** The same in native order. */
  private static long sumMemory(long address, int length) {
    int octets = length & ~7;
    long words = octets <= SHORT ? sumFew(address, octets) : sumMany(address, address + octets);
    return words + sumRest(address + octets, length & 7);
  }

  private static long sumMany(long address, long end) {
    long lower = 0;
    long upper = 0;
    for (long at = address; at < end; at += 8) {
      long octets = MEMORY.get(JAVA_LONG_UNALIGNED, at);
      lower += octets & 0xffff_ffffL;
      upper += octets >>> 32;
    }
    return lower + upper;
  }

  private static long sumFew(long address, int length) {
    long sum = 0;
    for (int i = 0; i < length; i += 8) {
      long octets = MEMORY.get(JAVA_LONG_UNALIGNED, address + i);
      sum += octets;
      if (Long.compareUnsigned(sum, octets) < 0) {
        sum++; // the carry
      }
    }
    return (sum & 0xffff_ffffL) + (sum >>> 32);
  }

  private static long sumRest(long address, int length) {
    long sum = 0;
    long at = address;
    if ((length & 4) != 0) {
      sum += MEMORY.get(JAVA_INT_UNALIGNED, at) & 0xffff_ffffL;
      at += 4;
    }
    if ((length & 2) != 0) {
      sum += MEMORY.get(JAVA_SHORT_UNALIGNED, at) & 0xffff;
      at += 2;
    }
    if ((length & 1) != 0) {
      int octet = MEMORY.get(JAVA_BYTE, at) & 0xff;
      sum += BIG_ENDIAN ? octet << 8 : octet;
    }
    return sum;
  }

  private static long sumAny(ByteBuf buffer, int index, int length) {
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

  /** Folds a sum to 16 bits, not inverted. Only a sum of nothing but zeros becomes 0. */
  static int fold(long sum) {
    long folded = (sum & 0xffff_ffffL) + (sum >>> 32);
    folded = (folded & 0xffff) + (folded >>> 16 & 0xffff) + (folded >>> 32);
    folded = (folded & 0xffff) + (folded >>> 16);
    return (int) ((folded & 0xffff) + (folded >>> 16));
  }

  /** What stands in the checksum field of something that has this sum without it. */
  static int of(long sum) {
    return ~fold(sum) & 0xffff;
  }

  /** The same where 0 means that there is no checksum (RFC 768). */
  static int nonZeroOf(long sum) {
    int checksum = of(sum);
    return checksum == 0 ? 0xffff : checksum;
  }

  /**
   * The sum of the pseudo-header of a TCP segment or UDP datagram (RFC 9293 section 3.1, RFC 8200
   * section 8.1).
   *
   * @param length octets of the transport header and what follows it
   */
  static long pseudoHeader(ByteBuf buffer, int start, IpHeaders headers, int length) {
    int addresses = start + headers.addresses();
    return sum(buffer, addresses, headers.addressesLength()) + headers.protocol() + length;
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
    // To TCP as well: its two zeros are the same to a receiver, and Linux does it like this.
    buffer.setShort(field, nonZeroOf(sum(buffer, from, length)));
  }

  // Restricted because it can reach anything; sum has checked that the buffer covers the range.
  @SuppressWarnings("restricted")
  private static MemorySegment allMemory() {
    return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  }
}
