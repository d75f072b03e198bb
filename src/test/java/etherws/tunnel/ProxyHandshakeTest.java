package etherws.tunnel;

import static etherws.tunnel.DialException.Kind.AUTHENTICATION;
import static etherws.tunnel.DialException.Kind.CONNECT;
import static etherws.tunnel.DialException.Kind.HANDSHAKE;
import static etherws.tunnel.DialException.Kind.RESOLVE;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a spoke says to proxies, octet by octet; {@code hub.invalid} can be looked up nowhere. */
class ProxyHandshakeTest {
  private static final String HUB = "ws://hub.invalid/net";
  private static final String CONNECTED = "HTTP/1.1 200 Connection established\n\n";

  private LocalServer proxy;
  private @Nullable LocalSpoke spoke;

  @BeforeEach
  void listen() throws IOException {
    proxy = new LocalServer();
  }

  @AfterEach
  void close() throws IOException {
    if (spoke != null) {
      spoke.close();
    }
    proxy.close();
  }

  /**
   * Dials.
   *
   * @param proxy the start of its URL, up to the host
   */
  private CompletableFuture<Void> dial(String proxy, String uri) {
    Proxy there = Proxy.parse(proxy + "127.0.0.1:" + this.proxy.port());
    return start(new Route(Proxies.always(there), null, List.of(), null), uri);
  }

  private CompletableFuture<Void> start(Route route, String uri) {
    LocalSpoke dialling = LocalSpoke.by(route, uri);
    spoke = dialling;
    return dialling.start();
  }

  /** The hub's part, behind the proxy. */
  private static void answerAsHub(RawPeer peer) throws IOException {
    String request = peer.head();
    assertThat(request).startsWith("GET /net HTTP/1.1").doesNotContainIgnoringCase("proxy");
    peer.write(LocalServer.answerTo(request, Answers.TORNADO));
  }

  /** tinyproxy says HTTP/1.0, and an agent. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        CONNECTED,
        "HTTP/1.0 200 Connection established\nProxy-agent: tinyproxy/1.11.1\n\n",
        "HTTP/1.1 200 OK\nContent-Length: 7\nTransfer-Encoding: chunked\n\n"
      })
  void anHttpProxyIsAskedForTheNameAndThenOutOfTheWay(String answer) throws Exception {
    var up = dial("http://", HUB);
    try (RawPeer peer = proxy.accept()) {
      assertThat(peer.head().lines())
          .containsExactly(
              "CONNECT hub.invalid:80 HTTP/1.1", "host: hub.invalid:80", "user-agent: etherws");
      peer.say(answer);
      answerAsHub(peer);
      up.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void anHttpProxyHearsCredentialsAndIpv6InBrackets() throws Exception {
    dial("http://alice:open%3Asesame@", "ws://[2001:db8::1]:8080/net");
    try (RawPeer peer = proxy.accept()) {
      assertThat(peer.head().lines())
          .contains(
              "CONNECT [2001:db8::1]:8080 HTTP/1.1",
              "proxy-authorization: Basic YWxpY2U6b3BlbjpzZXNhbWU=");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http://   | HTTP/1.1 407 No~Proxy-Authenticate: Basic realm=x~~ | AUTHENTICATION"
            + " | wants a user and a password; write http://USER@PROXY",
        "http://u:p@ | HTTP/1.1 407 No~Proxy-Authenticate: Digest x~Proxy-Authenticate: basic~~"
            + " | AUTHENTICATION | refuses this user or password",
        "http://u:p@ | HTTP/1.0 401 Unauthorized~WWW-Authenticate: Basic realm=t~~ | AUTHENTICATION"
            + " | refuses this user or password",
        "http://u:p@ | HTTP/1.1 407 No~Proxy-Authenticate: NTLM~~ | AUTHENTICATION"
            + " | wants NTLM credentials; we know Basic alone",
        // No length and no end: the head is enough.
        "http:// | HTTP/1.1 403 Forbidden~~<html> | AUTHENTICATION"
            + " | forbids hub.invalid:80 (403 Forbidden); many allow port 443 alone",
        "http:// | HTTP/1.0 500 Unable to connect~~ | CONNECT"
            + " | can't connect to hub.invalid:80 (500 Unable to connect); is the server running there?",
        "http:// | HTTP/1.1 503 Service Unavailable~Content-Length: 3~~abc | CONNECT"
            + " | can't connect to hub.invalid:80 (503 Service Unavailable); is the server running there?",
        "http:// | HTTP/1.1 405 Method Not Allowed~~ | HANDSHAKE"
            + " | answered 405 Method Not Allowed to CONNECT hub.invalid:80; is it a proxy?",
        "http:// | HTTP/1.1 204 No Content~~ | HANDSHAKE"
            + " | answered 204 No Content to CONNECT hub.invalid:80; is it a proxy?",
        "http:// | SSH-2.0-OpenSSH_10.0~~ | HANDSHAKE"
            + " | doesn't answer as an HTTP proxy does; is the port right?",
      })
  void everyRefusalOfAnHttpProxyIsALineForTheOperator(
      String url, String answer, DialException.Kind kind, String message) throws Exception {
    var up = dial(url, HUB);
    try (RawPeer peer = proxy.accept()) {
      peer.head();
      peer.say(answer.replace('~', '\n'));
      assertFails(up, kind, message);
      assertThat(peer.ended()).isTrue();
    }
  }

  @Test
  void anHttpProxyThatHangsUpIsCalledThat() throws Exception {
    var up = dial("http://", HUB);
    try (RawPeer peer = proxy.accept()) {
      peer.head();
    }
    assertFails(up, HANDSHAKE, "closed the connection before it answered; does it speak http?");
  }

  @Test
  void aHeadWithoutEndIsCutOff() throws Exception {
    var up = dial("http://", HUB);
    try (RawPeer peer = proxy.accept()) {
      peer.head();
      peer.say("HTTP/1.1 200 OK\n" + "X: y\n".repeat(4_000));
      assertFails(up, HANDSHAKE, "doesn't answer as an HTTP proxy does; is the port right?");
    }
  }

  @Test
  void aSocksProxyIsAskedForTheName() throws Exception {
    var up = dial("socks5h://", HUB);
    try (RawPeer peer = proxy.accept()) {
      expect(peer, "05 01 00");
      reply(peer, "05 00");
      expect(peer, "05 01 00 03 0b 6875622e696e76616c6964 0050");
      reply(peer, "05 00 00 01 00000000 0000");
      answerAsHub(peer);
      up.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void aSocksProxyHearsTheUserInUtf8() throws Exception {
    dial("socks5h://alice:%C3%A9@", "ws://[2001:db8::1]:8080/net");
    try (RawPeer peer = proxy.accept()) {
      expect(peer, "05 02 00 02");
      reply(peer, "05 02");
      expect(peer, "01 05 616c696365 02 c3a9");
      reply(peer, "01 00");
      expect(peer, "05 01 00 04 20010db8000000000000000000000001 1f90");
    }
  }

  /** And a bound address that is a name, in pieces. */
  @Test
  void aSocksProxyThatWantsNoPasswordGetsNone() throws Exception {
    var up = dial("socks5h://alice:secret@", "ws://192.0.2.1/net");
    try (RawPeer peer = proxy.accept()) {
      expect(peer, "05 02 00 02");
      reply(peer, "05 00");
      expect(peer, "05 01 00 01 c0000201 0050");
      reply(peer, "05 00 00 03 02");
      reply(peer, "6162 0000");
      answerAsHub(peer);
      up.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void withSocks5TheNameIsLookedUpHere() throws Exception {
    dial("socks5://", "ws://localhost:8080/net");
    try (RawPeer peer = proxy.accept()) {
      expect(peer, "05 01 00");
      reply(peer, "05 00");
      assertThat(HexFormat.of().formatHex(peer.take(4))).matches("0501000[14]");
    }
  }

  @Test
  void withSocks5ANameThatCantBeLookedUpHereIsCalledThat() {
    assertFails(
        dial("socks5://", HUB),
        RESOLVE,
        "the name hub.invalid has no address (socks5h:// has the proxy look it up)",
        "");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "05 01 00 | AUTHENTICATION | forbids hub.invalid:80 by its rules | 02",
        "05 01 00 | CONNECT | can't connect to hub.invalid:80 (general failure); is the server"
            + " running there? | 01",
        "05 01 00 | CONNECT | can't connect to hub.invalid:80 (connection refused); is the server"
            + " running there? | 05",
        "05 01 00 | HANDSHAKE | knows no addresses of the kind of hub.invalid | 08",
        "05 01 00 | HANDSHAKE | refused with the status 153 of SOCKS | 99",
      })
  void everyRefusalOfASocksProxyIsALineForTheOperator(
      String greeting, DialException.Kind kind, String message, String status) throws Exception {
    var up = dial("socks5h://", HUB);
    try (RawPeer peer = proxy.accept()) {
      expect(peer, greeting);
      reply(peer, "05 00");
      peer.take(18);
      reply(peer, "05 " + status + " 00 01 00000000 0000");
      assertFails(up, kind, message);
      assertThat(peer.ended()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "socks5h://      | 05 ff    | AUTHENTICATION | wants a user and a password; write"
            + " socks5h://USER@PROXY",
        "socks5h://      | 05 02    | AUTHENTICATION | wants a user and a password; write"
            + " socks5h://USER@PROXY",
        "socks5h://u:p@  | 05 ff    | AUTHENTICATION | takes no user and password, and not nobody"
            + " either",
        "socks5h://u:p@  | 05 01    | AUTHENTICATION | takes no user and password, and not nobody"
            + " either",
        "socks5h://      | 48545450 | HANDSHAKE      | doesn't speak SOCKS 5; is the port right?",
      })
  void howASocksProxyWantsToKnowUsMayBeARefusal(
      String url, String answer, DialException.Kind kind, String message) throws Exception {
    var up = dial(url, HUB);
    try (RawPeer peer = proxy.accept()) {
      peer.take(url.contains("@") ? 4 : 3);
      reply(peer, answer);
      assertFails(up, kind, message);
      assertThat(peer.ended()).isTrue();
    }
  }

  @Test
  void aSocksProxysNoToThePasswordIsCalledThat() throws Exception {
    var up = dial("socks5h://u:p@", HUB);
    try (RawPeer peer = proxy.accept()) {
      peer.take(4);
      reply(peer, "05 02");
      peer.take(5);
      reply(peer, "01 01");
      assertFails(up, AUTHENTICATION, "refuses this user or password");
    }
  }

  @Test
  void aNameTooLongForSocksIsNotAsked() throws Exception {
    var up = dial("socks5h://", "ws://" + "a".repeat(64) + ".invalid/");
    try (RawPeer peer = proxy.accept()) {
      peer.take(3);
      reply(peer, "05 00");
      assertFails(
          up,
          RESOLVE,
          "can't be asked for " + "a".repeat(64) + ".invalid:80: no name is that long");
    }
  }

  @Test
  void aProxyThatIsNotThereIsCalledThat() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    assertFails(
        start(through("http://127.0.0.1:" + port), HUB),
        CONNECT,
        "cannot connect to the proxy http://127.0.0.1:%d: connection refused; is the proxy running there?"
            .formatted(port),
        "");
  }

  @Test
  void aProxyWhoseNameHasNoAddressIsCalledThat() {
    assertFails(
        start(through("http://proxy.invalid:3128"), HUB),
        RESOLVE,
        "the name proxy.invalid has no address (that of the proxy; --proxy none does without)",
        "");
  }

  private static Route through(String proxy) {
    return new Route(Proxies.always(Proxy.parse(proxy)), null, List.of(), null);
  }

  private static void expect(RawPeer peer, String hex) throws IOException {
    byte[] octets = HexFormat.of().parseHex(hex.replace(" ", ""));
    assertThat(peer.take(octets.length)).asHexString().isEqualToIgnoringCase(hex.replace(" ", ""));
  }

  private static void reply(RawPeer peer, String hex) throws IOException {
    peer.write(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  private void assertFails(CompletableFuture<Void> up, DialException.Kind kind, String message) {
    String scheme = message.contains("socks5h://") ? "socks5h" : "http";
    assertFails(
        up,
        kind,
        message.replace(scheme + "://USER@PROXY", scheme + "://USER@127.0.0.1:" + proxy.port()),
        "the proxy (http|socks5h)://127\\.0\\.0\\.1:" + proxy.port() + " ");
  }

  private static void assertFails(
      CompletableFuture<Void> up, DialException.Kind kind, String message, String start) {
    Throwable cause =
        assertThrows(ExecutionException.class, () -> up.get(10, TimeUnit.SECONDS)).getCause();
    assertThat(String.valueOf(requireNonNull(cause).getMessage()).replaceFirst("^" + start, ""))
        .isEqualTo(message);
    assertThat(cause)
        .isInstanceOfSatisfying(
            DialException.class, problem -> assertThat(problem.kind()).isEqualTo(kind));
  }
}
