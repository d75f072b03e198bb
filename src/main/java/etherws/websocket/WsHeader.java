package etherws.websocket;

import static etherws.websocket.WebSocketException.protocolError;

import io.netty.buffer.ByteBuf;

/**
 * The 2 to 14 octets ahead of a payload (RFC 6455 §5.2). One per reader is filled from header after
 * header.
 */
final class WsHeader {
  static final int MAX_LENGTH = 14;
  static final int MAX_CONTROL_PAYLOAD = 125;

  static final int CONTINUATION = 0;
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;

  private static final int FIN = 0x8000;
  private static final int RSV = 0x7000;
  private static final int CONTROL = 8;
  private static final int MASKED = 0x80;
  private static final int KEY_LENGTH = 4;
  private static final int LENGTH_BITS = 0x7f;
  private static final int LENGTH_IN_16_BITS = 126;
  private static final int LENGTH_IN_64_BITS = 127;
  private static final int MAX_IN_7_BITS = 125;
  private static final int MAX_IN_16_BITS = 0xffff;

  private boolean fin;
  private int opcode;
  private int length;
  private long payloadLength;
  private int key;

  /**
   * Parses the header that begins at {@code index}. False if it isn't all there yet.
   *
   * @param masked what the peer's WS frames have to be
   */
  boolean parse(ByteBuf in, int index, int available, boolean masked) {
    if (available < 2) {
      return false;
    }
    int bits = in.getUnsignedShort(index);
    fin = (bits & FIN) != 0;
    opcode = bits >>> 8 & 0xf;
    int shortLength = bits & LENGTH_BITS;
    check(bits, shortLength, masked);
    length = 2 + lengthOctets(shortLength) + (masked ? KEY_LENGTH : 0);
    if (available < length) {
      return false;
    }
    payloadLength = longLength(in, index + 2, shortLength);
    key = masked ? in.getInt(index + length - KEY_LENGTH) : 0;
    return true;
  }

  private void check(int bits, int shortLength, boolean masked) {
    if ((bits & RSV) != 0) {
      throw protocolError("reserved bits are set");
    }
    if ((opcode & ~CONTROL) > BINARY) {
      throw protocolError("reserved opcode " + opcode);
    }
    if (isControl() && !fin) {
      throw protocolError("fragmented control frame");
    }
    if (isControl() && shortLength > MAX_CONTROL_PAYLOAD) {
      throw protocolError("control frame over 125 octets");
    }
    if (masked != ((bits & MASKED) != 0)) {
      throw protocolError(masked ? "client frame is not masked" : "server frame is masked");
    }
  }

  private static int lengthOctets(int shortLength) {
    return switch (shortLength) {
      case LENGTH_IN_16_BITS -> 2;
      case LENGTH_IN_64_BITS -> 8;
      default -> 0;
    };
  }

  private static long longLength(ByteBuf in, int index, int shortLength) {
    if (shortLength <= MAX_IN_7_BITS) {
      return shortLength;
    }
    boolean in16Bits = shortLength == LENGTH_IN_16_BITS;
    long payloadLength = in16Bits ? in.getUnsignedShort(index) : in.getLong(index);
    if (payloadLength < 0) {
      throw protocolError("length over 63 bits");
    }
    if (payloadLength <= (in16Bits ? MAX_IN_7_BITS : MAX_IN_16_BITS)) {
      throw protocolError("length not in its shortest form");
    }
    return payloadLength;
  }

  boolean isFinal() {
    return fin;
  }

  boolean isControl() {
    return (opcode & CONTROL) != 0;
  }

  int opcode() {
    return opcode;
  }

  /** Of the header itself. */
  int length() {
    return length;
  }

  long payloadLength() {
    return payloadLength;
  }

  /** The masking key, first octet uppermost; 0, which changes nothing, when there is none. */
  int key() {
    return key;
  }

  static int length(int payloadLength, boolean masked) {
    int octets = payloadLength <= MAX_IN_7_BITS ? 2 : payloadLength <= MAX_IN_16_BITS ? 4 : 10;
    return masked ? octets + KEY_LENGTH : octets;
  }

  /** Writes the header of a whole message or a control frame. */
  static void put(ByteBuf out, int index, int opcode, int payloadLength) {
    putLengths(out, index, FIN | opcode << 8, payloadLength);
  }

  /** The same with a masking key. */
  static void putMasked(ByteBuf out, int index, int opcode, int payloadLength, int key) {
    putLengths(out, index, FIN | opcode << 8 | MASKED, payloadLength);
    out.setInt(index + length(payloadLength, true) - KEY_LENGTH, key);
  }

  private static void putLengths(ByteBuf out, int index, int bits, int payloadLength) {
    if (payloadLength <= MAX_IN_7_BITS) {
      out.setShort(index, bits | payloadLength);
    } else if (payloadLength <= MAX_IN_16_BITS) {
      out.setInt(index, (bits | LENGTH_IN_16_BITS) << 16 | payloadLength);
    } else {
      out.setShort(index, bits | LENGTH_IN_64_BITS);
      out.setLong(index + 2, payloadLength);
    }
  }
}
