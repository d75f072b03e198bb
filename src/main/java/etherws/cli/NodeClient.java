package etherws.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Asks a node over its control socket: a connection for each request. Plain JDK, so that a command
 * starts fast.
 */
final class NodeClient {
  private static final int OK = 200;

  private final Path socket;

  NodeClient(Path socket) {
    this.socket = socket;
  }

  /** The JSON at {@code path}, as it came. */
  String get(String path) throws AskException {
    return whole("GET " + path, "");
  }

  /** Has something done and returns what the node says to it, which may be nothing. */
  String post(String path, String body) throws AskException {
    return Fields.of(whole("POST " + path, body)).text("message");
  }

  private String whole(String what, String body) throws AskException {
    try (HttpReply reply = open(what, body)) {
      return new String(reply.body().readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw broken(e);
    }
  }

  /** Begins to read something that may go on for ever. */
  HttpReply open(String what, String body) throws AskException {
    byte[] content = body.getBytes(UTF_8);
    String head =
        "%s HTTP/1.1\r\nHost: etherws\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            .formatted(what, content.length);
    try {
      SocketChannel channel = connect();
      try {
        Channels.newOutputStream(channel).write((head + body).getBytes(UTF_8));
        HttpReply reply = HttpReply.read(channel);
        if (reply.status() == OK) {
          return reply;
        }
        throw refused(reply);
      } catch (IOException | AskException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw broken(e);
    }
  }

  private SocketChannel connect() throws IOException, AskException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(socket));
      return channel;
    } catch (IOException e) {
      channel.close();
      if (Files.exists(socket) && !Files.isWritable(socket)) {
        throw new AskException(
            ExitStatus.NOT_ALLOWED,
            socket + ": permission denied; ask as root or as a member of its group");
      }
      throw new AskException(
          ExitStatus.NOT_RUNNING,
          "%s: no etherws answers there (%s)".formatted(socket, ExitStatus.reason(e)));
    }
  }

  private static AskException refused(HttpReply reply) throws IOException {
    String text = new String(reply.body().readAllBytes(), UTF_8);
    ExitStatus status =
        switch (reply.status()) {
          case 400 -> ExitStatus.USAGE;
          case 404 -> ExitStatus.NO_SUCH;
          case 409 -> ExitStatus.REFUSED;
          default -> ExitStatus.INTERNAL;
        };
    try {
      Fields problem = Fields.of(text);
      String hint = problem.text("hint");
      String error = problem.text("error");
      return new AskException(status, hint.isEmpty() ? error : error + "; " + hint);
    } catch (AskException e) {
      return new AskException(status, "the node answered with status " + reply.status());
    }
  }

  private AskException broken(IOException e) {
    return new AskException(
        ExitStatus.NOT_RUNNING, socket + ": the node went away (" + ExitStatus.reason(e) + ")");
  }
}
