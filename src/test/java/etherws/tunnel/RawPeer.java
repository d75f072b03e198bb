package etherws.tunnel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** The far end of a connection, octet by octet: it knows no protocol but what a test tells it. */
final class RawPeer implements AutoCloseable {
  static final int FIN = 0x80;
  static final int CONTINUATION = 0;
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;

  private static final int PATIENCE_MILLIS = 10_000;

  /** One WS frame as it came; the payload is unmasked. */
  static final class Message {
    private final int first;
    private final boolean masked;
    private final byte[] payload;

    Message(int first, boolean masked, byte[] payload) {
      this.first = first;
      this.masked = masked;
      this.payload = payload;
    }

    /** FIN, RSV and opcode. */
    int first() {
      return first;
    }

    boolean masked() {
      return masked;
    }

    byte[] payload() {
      return payload;
    }

    int opcode() {
      return first & 0x0f;
    }

    String text() {
      return new String(payload, UTF_8);
    }

    int closeCode() {
      return (payload[0] & 0xff) << 8 | (payload[1] & 0xff);
    }
  }

  private final Socket socket;
  private final DataInputStream in;

  RawPeer(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(socket.getInputStream());
  }

  static RawPeer dial(int port) throws IOException {
    return new RawPeer(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  /** Sends an HTTP head written with plain line ends; {@code HOST} stands for the other end. */
  RawPeer say(String head) throws IOException {
    write(octets(head.replace("HOST", "127.0.0.1:" + socket.getPort())));
    return this;
  }

  /** An HTTP head as it goes over the wire. */
  static byte[] octets(String head) {
    return head.replace("\n", "\r\n").getBytes(ISO_8859_1);
  }

  /** All in one write. */
  void write(byte[]... parts) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.write(part);
    }
    socket.getOutputStream().write(all.toByteArray());
  }

  /** What one read brings; over TLS that is what is left of one record. */
  byte[] read() throws IOException {
    byte[] octets = new byte[1 << 16];
    int length = in.read(octets);
    return Arrays.copyOf(octets, Math.max(length, 0));
  }

  /** As many octets as that. */
  byte[] take(int length) throws IOException {
    return in.readNBytes(length);
  }

  /** The next HTTP head, up to and without its blank line. */
  String head() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.readUnsignedByte());
    }
    return head.substring(0, head.length() - 4);
  }

  /** The next WS frame. */
  Message message() throws IOException {
    int first = in.readUnsignedByte();
    int second = in.readUnsignedByte();
    int length = second & 0x7f;
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = Math.toIntExact(in.readLong());
    }
    boolean masked = (second & 0x80) != 0;
    byte[] key = masked ? in.readNBytes(4) : new byte[4];
    byte[] payload = in.readNBytes(length);
    for (int i = 0; i < payload.length; i++) {
      payload[i] ^= key[i % 4];
    }
    return new Message(first, masked, payload);
  }

  /** The next WS frame that is no ping. */
  Message afterPings() throws IOException {
    Message message = message();
    while (message.opcode() == PING) {
      message = message();
    }
    return message;
  }

  /** The next WS frame of that kind; others before it are skipped. */
  Message next(int opcode) throws IOException {
    Message message = message();
    while (message.opcode() != opcode) {
      message = message();
    }
    return message;
  }

  /** True when the other end has closed the connection, and nothing came before that. */
  boolean ended() throws IOException {
    try {
      return in.read() < 0;
    } catch (SocketException e) {
      return true; // a reset is an end as well
    }
  }

  /** A WS frame from a client. */
  static byte[] masked(int first, byte[] payload) {
    byte[] key = {0x11, 0x22, 0x33, 0x44};
    ByteArrayOutputStream out = header(first, 0x80, payload.length);
    out.writeBytes(key);
    for (int i = 0; i < payload.length; i++) {
      out.write(payload[i] ^ key[i % 4]);
    }
    return out.toByteArray();
  }

  /** A WS frame from a server. */
  static byte[] unmasked(int first, byte[] payload) {
    ByteArrayOutputStream out = header(first, 0, payload.length);
    out.writeBytes(payload);
    return out.toByteArray();
  }

  private static ByteArrayOutputStream header(int first, int maskBit, int length) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(first);
    if (length < 126) {
      out.write(maskBit | length);
    } else if (length < 1 << 16) {
      out.writeBytes(new byte[] {(byte) (maskBit | 126), (byte) (length >> 8), (byte) length});
    } else {
      out.write(maskBit | 127);
      out.writeBytes(ByteBuffer.allocate(8).putLong(length).array());
    }
    return out;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
