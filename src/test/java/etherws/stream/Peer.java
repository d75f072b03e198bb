package etherws.stream;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.HexFormat;

/** The other end of a connection, as QEMU and passt are one. */
final class Peer implements AutoCloseable {
  private final SocketChannel channel;

  Peer(SocketChannel channel) {
    this.channel = channel;
  }

  static Peer connect(SocketAddress address) throws IOException {
    return new Peer(SocketChannel.open(address));
  }

  void send(String hex) throws IOException {
    ByteBuffer octets = ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
    while (octets.hasRemaining()) {
      channel.write(octets);
    }
  }

  /** A frame behind its length. */
  void send(byte[] frame) throws IOException {
    send(HexFormat.of().toHexDigits(frame.length) + HexFormat.of().formatHex(frame));
  }

  /** The next frame, without its length. */
  byte[] receive() throws IOException {
    return read(ByteBuffer.wrap(read(4)).getInt());
  }

  byte[] read(int length) throws IOException {
    ByteBuffer octets = ByteBuffer.allocate(length);
    while (octets.hasRemaining()) {
      if (channel.read(octets) < 0) {
        throw new IOException("closed by etherws");
      }
    }
    return octets.array();
  }

  /** Waits for the end of the connection; nothing may come before. */
  void awaitEnd() throws IOException {
    int result;
    try {
      result = channel.read(ByteBuffer.allocate(1));
    } catch (IOException e) {
      result = -1; // reset: there was something that it has not read
    }
    if (result >= 0) {
      throw new AssertionError("octets came, not the end");
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
