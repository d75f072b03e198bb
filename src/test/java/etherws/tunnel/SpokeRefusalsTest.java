package etherws.tunnel;

import static etherws.tunnel.DialException.Kind.AUTHENTICATION;
import static etherws.tunnel.DialException.Kind.CONNECT;
import static etherws.tunnel.DialException.Kind.HANDSHAKE;
import static etherws.tunnel.DialException.Kind.RESOLVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A spoke that is not let in says why, in one line. */
class SpokeRefusalsTest {
  private static final String UPGRADE =
      "HTTP/1.1 101 Switching Protocols~Upgrade: websocket~Connection: Upgrade~";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // Tornado 2.x under etherws 0.4: a bare head and the end.
        "HTTP/1.1 401 Authorization Required~WWW-Authenticate: Basic realm=etherws~~"
            + "|AUTHENTICATION|the server wants a user and a password; give --user",
        "HTTP/1.1 403 Forbidden~Content-Length: 0~~|AUTHENTICATION|the server forbids it (403)",
        "HTTP/1.1 404 Not Found~Content-Length: 4~~oops"
            + "|HANDSHAKE|there is no network at path /net?user=1 (404)",
        "HTTP/1.1 302 Found~Location: https://hub.example/~~"
            + "|HANDSHAKE|the server has moved to https://hub.example/; dial that",
        "HTTP/1.1 429 Too Many Requests~Retry-After: 7~~"
            + "|AUTHENTICATION|too many wrong passwords from here; try again in 7 s",
        "HTTP/1.1 500 Internal Server Error~~"
            + "|HANDSHAKE|the server answered 500 Internal Server Error where 101 Switching"
            + " Protocols is due",
        // wsnic, for whatever it takes for no handshake.
        "HTTP/1.1 426 Upgrade Required~Upgrade: websocket~Content-Length: 0~~"
            + "|HANDSHAKE|the server answered 426 Upgrade Required where 101 Switching Protocols"
            + " is due",
        "HTTP/1.1 200 OK~Content-Length: 2~~hi"
            + "|HANDSHAKE|the server answered 200 OK where 101 Switching Protocols is due",
        "SSH-2.0-OpenSSH_10.0~~|HANDSHAKE|the server doesn't speak HTTP; is the port right?",
        UPGRADE
            + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=~~"
            + "|HANDSHAKE|the server switched protocols, but not to our WebSocket handshake",
        UPGRADE
            + "Sec-WebSocket-Accept: ACCEPT~Sec-WebSocket-Protocol: chat~~"
            + "|HANDSHAKE|the server chose the sub-protocol chat, which we didn't offer",
        UPGRADE + "~|HANDSHAKE|the server switched protocols, but not to our WebSocket handshake"
      })
  void everyRefusalIsALineForTheOperator(String answer, DialException.Kind kind, String message)
      throws Exception {
    try (LocalServer server = new LocalServer();
        LocalSpoke spoke = new LocalSpoke(server.uri(), null, null, false)) {
      var up = spoke.start();
      try (RawPeer peer = server.accept(answer.replace('~', '\n'))) {
        assertFails(up, kind, message);
        assertThat(peer.ended()).isTrue();
      }
    }
  }

  @Test
  void aPlainSpokeDoesNotTakeTheFasterWireThatItDidNotOffer() throws Exception {
    try (LocalServer server = new LocalServer();
        LocalSpoke spoke = LocalSpoke.plain(server.uri())) {
      var up = spoke.start();
      String answer = UPGRADE + "Sec-WebSocket-Accept: ACCEPT~Sec-WebSocket-Protocol: etherws.v2~~";
      try (RawPeer peer = server.accept(answer.replace('~', '\n'))) {
        assertFails(
            up, HANDSHAKE, "the server chose the sub-protocol etherws.v2, which we didn't offer");
        assertThat(peer.ended()).isTrue();
      }
    }
  }

  @Test
  void aWrongPasswordIsCalledThat() throws Exception {
    try (LocalServer server = new LocalServer();
        LocalSpoke spoke = new LocalSpoke(server.uri(), "alice", "wrong", false)) {
      var up = spoke.start();
      try (RawPeer _ = server.accept("HTTP/1.1 401 Authorization Required\n\n")) {
        assertFails(up, AUTHENTICATION, "wrong user or password");
      }
    }
  }

  @Test
  void anEndWithoutAnAnswerIsCalledThat() throws Exception {
    try (LocalServer server = new LocalServer();
        LocalSpoke spoke = new LocalSpoke(server.uri(), null, null, false)) {
      var up = spoke.start();
      try (RawPeer peer = server.accept()) {
        peer.head();
      }
      assertFails(
          up,
          HANDSHAKE,
          "the server closed the connection before it answered; does it want wss://?");
    }
  }

  @Test
  void aPortWhereNobodyListensIsCalledThat() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    try (LocalSpoke spoke = new LocalSpoke("ws://127.0.0.1:" + port, null, null, false)) {
      assertFails(
          spoke.start(),
          CONNECT,
          "cannot connect to 127.0.0.1:"
              + port
              + ": connection refused; is the server running there?");
    }
  }

  @Test
  void aNameWithoutAnAddressIsCalledThat() throws Exception {
    try (LocalSpoke spoke = new LocalSpoke("ws://hub.invalid/", null, null, false)) {
      assertFails(spoke.start(), RESOLVE, "the name hub.invalid has no address");
    }
  }

  private static void assertFails(
      CompletableFuture<Void> up, DialException.Kind kind, String message) {
    Throwable cause =
        assertThrows(ExecutionException.class, () -> up.get(10, TimeUnit.SECONDS)).getCause();
    assertThat(cause).hasMessage(message);
    assertThat(cause)
        .isInstanceOfSatisfying(
            DialException.class, problem -> assertThat(problem.kind()).isEqualTo(kind));
  }
}
