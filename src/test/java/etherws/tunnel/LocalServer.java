package etherws.tunnel;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** A server on loopback that says what a test tells it, octet by octet. */
final class LocalServer implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 10_000;

  private final ServerSocket socket;

  LocalServer() throws IOException {
    socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    socket.setSoTimeout(PATIENCE_MILLIS);
  }

  String uri() {
    return "ws://127.0.0.1:" + socket.getLocalPort() + "/net?user=1";
  }

  int port() {
    return socket.getLocalPort();
  }

  RawPeer accept() throws IOException {
    return new RawPeer(socket.accept());
  }

  /** Accepts, reads the request and gives {@code answer}, in which {@code ACCEPT} is right. */
  RawPeer accept(String answer) throws IOException {
    RawPeer peer = accept();
    peer.write(answerTo(peer.head(), answer));
    return peer;
  }

  static byte[] answerTo(String request, String answer) {
    String name = "sec-websocket-key: ";
    String key =
        request
            .lines()
            .filter(line -> line.startsWith(name))
            .map(line -> line.substring(name.length()))
            .findFirst()
            .orElseThrow();
    return RawPeer.octets(answer.replace("ACCEPT", WebSocketKey.accept(key)));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
