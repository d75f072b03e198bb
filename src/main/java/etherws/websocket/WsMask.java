package etherws.websocket;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.netty.buffer.ByteBuf;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * The masking of RFC 6455 §5.3 at memory speed. Masking twice with one key restores the payload.
 */
final class WsMask {
  /*
   * The loops are what C2 turns into vector instructions: one induction variable that is the address
   * itself, one constant segment. A segment passed as a parameter would do the same until the first
   * heap segment comes by; from then on it is many times slower, so arrays have a loop of their own.
   * A loop that reads in one place and writes in another isn't vectorised: who copies and masks
   * copies first.
   *
   * Keys are as they stand in the header, first octet uppermost. Patterns are in native order.
   */
  private static final MemorySegment MEMORY = allMemory();
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final boolean BIG_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN;

  private WsMask() {}

  /** Masks or unmasks in place; {@code key} falls on the octet at {@code index} with its first. */
  static void apply(ByteBuf buffer, int index, int length, int key) {
    Objects.checkFromIndexSize(index, length, buffer.capacity());
    if (key == 0) {
      return;
    }
    if (buffer.hasMemoryAddress()) {
      applyToMemory(buffer.memoryAddress() + index, length, key);
    } else if (buffer.hasArray()) {
      applyToArray(buffer.array(), buffer.arrayOffset() + index, length, key);
    } else {
      applyToAny(buffer, index, length, key);
    }
  }

  /** The key for what follows after {@code octets} of a payload. */
  static int advance(int key, int octets) {
    return Integer.rotateLeft(key, octets * 8);
  }

  private static void applyToMemory(long address, int length, int key) {
    long pattern = pattern(key);
    long at = address;
    for (long end = address + (length & ~7); at < end; at += 8) {
      MEMORY.set(JAVA_LONG_UNALIGNED, at, MEMORY.get(JAVA_LONG_UNALIGNED, at) ^ pattern);
    }
    if ((length & 4) != 0) {
      MEMORY.set(JAVA_INT_UNALIGNED, at, MEMORY.get(JAVA_INT_UNALIGNED, at) ^ (int) pattern);
      at += 4;
    }
    for (int i = 0; i < (length & 3); i++) {
      MEMORY.set(JAVA_BYTE, at + i, (byte) (MEMORY.get(JAVA_BYTE, at + i) ^ octet(key, i)));
    }
  }

  private static void applyToArray(byte[] array, int offset, int length, int key) {
    long pattern = pattern(key);
    int at = offset;
    for (int end = offset + (length & ~7); at < end; at += 8) {
      LONGS.set(array, at, (long) LONGS.get(array, at) ^ pattern);
    }
    for (int i = 0; i < (length & 7); i++) {
      array[at + i] ^= octet(key, i);
    }
  }

  private static void applyToAny(ByteBuf buffer, int index, int length, int key) {
    long bigEndianPattern = twice(key);
    int at = index;
    for (int end = index + (length & ~7); at < end; at += 8) {
      buffer.setLong(at, buffer.getLong(at) ^ bigEndianPattern);
    }
    for (int i = 0; i < (length & 7); i++) {
      buffer.setByte(at + i, buffer.getByte(at + i) ^ octet(key, i));
    }
  }

  private static long pattern(int key) {
    return BIG_ENDIAN ? twice(key) : Long.reverseBytes(twice(key));
  }

  private static long twice(int key) {
    return (long) key << 32 | (key & 0xffff_ffffL);
  }

  private static byte octet(int key, int i) {
    return (byte) (key >>> (24 - 8 * (i & 3)));
  }

  // Restricted because it can reach anything; apply has checked that the buffer covers the range.
  @SuppressWarnings("restricted")
  private static MemorySegment allMemory() {
    return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  }
}
