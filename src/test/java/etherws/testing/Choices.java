package etherws.testing;

import java.util.Arrays;

/** A fuzzer's input, read as decisions from its start; zeros when it has ended. */
public final class Choices {
  private final byte[] input;
  private int next;

  public Choices(byte[] input) {
    this.input = input;
  }

  public boolean hasMore() {
    return next < input.length;
  }

  public int octet() {
    return hasMore() ? input[next++] & 0xff : 0;
  }

  public int u16() {
    return octet() << 8 | octet();
  }

  public int u32() {
    return u16() << 16 | u16();
  }

  /** One of {@code bound} possibilities, at most 256. */
  public int below(int bound) {
    return octet() % bound;
  }

  /** The next octets: as many, unless the input ends before. */
  public byte[] octets(int length) {
    int end = Math.min(input.length, next + length);
    byte[] octets = Arrays.copyOfRange(input, next, end);
    next = end;
    return octets;
  }

  public byte[] rest() {
    return octets(input.length - next);
  }
}
