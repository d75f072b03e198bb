package etherws.control;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** What a server said to a request that was written octet by octet. */
record Asked(int status, String head, String body) {
  static Asked get(Path socket, String target) throws IOException {
    return raw(socket, "GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n");
  }

  static Asked post(Path socket, String target, String body) throws IOException {
    return raw(
        socket,
        "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(target, body.length(), body));
  }

  static Asked raw(Path socket, String request) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      return exchange(channel, request);
    }
  }

  static Asked raw(InetSocketAddress address, String request) throws IOException {
    try (SocketChannel channel = SocketChannel.open(address)) {
      return exchange(channel, request);
    }
  }

  private static Asked exchange(SocketChannel channel, String request) throws IOException {
    OutputStream out = Channels.newOutputStream(channel);
    out.write(request.getBytes(ISO_8859_1));
    InputStream in = Channels.newInputStream(channel);
    String answer = new String(in.readAllBytes(), ISO_8859_1);
    int end = answer.indexOf("\r\n\r\n");
    return new Asked(
        Integer.parseInt(answer.substring(9, 12)),
        answer.substring(0, end),
        answer.substring(end + 4));
  }
}
