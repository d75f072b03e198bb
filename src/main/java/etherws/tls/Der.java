package etherws.tls;

import java.io.ByteArrayOutputStream;
import java.security.spec.InvalidKeySpecException;

/** The few DER structures (X.690) in which private keys are wrapped: a cursor, and an encoder. */
final class Der {
  static final int INTEGER = 0x02;
  static final int BIT_STRING = 0x03;
  static final int OCTET_STRING = 0x04;
  static final int NULL = 0x05;
  static final int OID = 0x06;
  static final int SEQUENCE = 0x30;

  /** The context tag [0], constructed: the first optional member of a structure. */
  static final int CONTEXT_0 = 0xa0;

  /** The context tag [1], constructed. */
  static final int CONTEXT_1 = 0xa1;

  private static final int LONG_FORM = 0x80;
  private static final int END = -1;

  private final byte[] octets;
  private final int limit;
  private int position;

  Der(byte[] octets) {
    this(octets, 0, octets.length);
  }

  private Der(byte[] octets, int position, int limit) {
    this.octets = octets;
    this.position = position;
    this.limit = limit;
  }

  /** One element around the parts. */
  static byte[] encode(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    int length = content.size();
    ByteArrayOutputStream element = new ByteArrayOutputStream(length + 6);
    element.write(tag);
    if (length < LONG_FORM) {
      element.write(length);
    } else {
      int lengthOctets = (32 - Integer.numberOfLeadingZeros(length) + 7) / 8;
      element.write(LONG_FORM | lengthOctets);
      for (int shift = 8 * (lengthOctets - 1); shift >= 0; shift -= 8) {
        element.write(length >>> shift);
      }
    }
    element.writeBytes(content.toByteArray());
    return element.toByteArray();
  }

  /** True if the octets are one SEQUENCE from the first octet to the last. */
  static boolean isSequence(byte[] octets) {
    try {
      Der der = new Der(octets);
      der.enter(SEQUENCE);
      return der.atEnd();
    } catch (InvalidKeySpecException e) {
      return false;
    }
  }

  boolean atEnd() {
    return position == limit;
  }

  boolean nextIs(int tag) {
    return (position < limit ? octets[position] & 0xff : END) == tag;
  }

  /** Steps over the next element and returns a cursor at the start of its content. */
  Der enter(int tag) throws InvalidKeySpecException {
    if (!nextIs(tag)) {
      throw new InvalidKeySpecException("DER: tag 0x%02x expected".formatted(tag));
    }
    position++;
    int length = length();
    Der content = new Der(octets, position, position + length);
    position += length;
    return content;
  }

  /** Steps over the next element and returns its content. */
  byte[] read(int tag) throws InvalidKeySpecException {
    Der content = enter(tag);
    byte[] copy = new byte[content.limit - content.position];
    System.arraycopy(octets, content.position, copy, 0, copy.length);
    return copy;
  }

  int readInt() throws InvalidKeySpecException {
    byte[] content = read(INTEGER);
    if (content.length == 0 || content.length > 4 || content[0] < 0) {
      throw new InvalidKeySpecException("DER: small positive INTEGER expected");
    }
    int value = 0;
    for (byte octet : content) {
      value = value << 8 | (octet & 0xff);
    }
    return value;
  }

  /** The next OBJECT IDENTIFIER in dots: {@code 1.2.840.10045.2.1}. */
  String readOid() throws InvalidKeySpecException {
    StringBuilder dots = new StringBuilder();
    long arc = 0;
    for (byte octet : read(OID)) {
      arc = arc << 7 | (octet & 0x7f);
      if (octet >= 0) {
        if (dots.isEmpty()) {
          long first = Math.min(arc / 40, 2);
          dots.append(first).append('.').append(arc - 40 * first);
        } else {
          dots.append('.').append(arc);
        }
        arc = 0;
      }
    }
    return dots.toString();
  }

  private int length() throws InvalidKeySpecException {
    int first = octet();
    int length = first;
    if (first >= LONG_FORM) {
      length = 0;
      for (int i = Math.min(first - LONG_FORM, 5); i > 0; i--) {
        length = length << 8 | octet();
      }
    }
    if (first == LONG_FORM || first > LONG_FORM + 4 || length < 0 || length > limit - position) {
      throw new InvalidKeySpecException("DER: element longer than its container");
    }
    return length;
  }

  private int octet() throws InvalidKeySpecException {
    if (atEnd()) {
      throw new InvalidKeySpecException("DER: cut short");
    }
    return octets[position++] & 0xff;
  }
}
