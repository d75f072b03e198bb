package etherws.tunnel;

import static etherws.testing.Frames.ALICE;
import static etherws.testing.Frames.BOB;
import static etherws.testing.Frames.octets;
import static etherws.tunnel.RawPeer.BINARY;
import static etherws.tunnel.RawPeer.FIN;
import static etherws.tunnel.RawPeer.PING;
import static etherws.tunnel.RawPeer.PONG;
import static etherws.tunnel.RawPeer.TEXT;
import static etherws.tunnel.RawPeer.unmasked;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.metrics.DropReason;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of plain server that is known takes our spoke, by its own handshake. */
class SpokeHandshakeTest {
  private static final long BROADCAST = 0xffff_ffff_ffffL;

  @ParameterizedTest
  @ValueSource(strings = {Answers.TORNADO, Answers.WSNIC, Answers.VPN_WS})
  void exchangesFramesWithEveryKnownServer(String answer) throws Exception {
    try (LocalServer server = new LocalServer();
        LocalSpoke spoke = new LocalSpoke(server.uri(), null, null, false)) {
      var up = spoke.start();
      try (RawPeer peer = server.accept(answer)) {
        up.get(10, TimeUnit.SECONDS);
        assertThat(peer.message().first()).isEqualTo(FIN | PING);

        byte[] outward = octets(BOB, ALICE, 1514);
        spoke.receive(outward);
        RawPeer.Message message = peer.afterPings();
        assertThat(message.first()).isEqualTo(FIN | BINARY);
        assertThat(message.masked()).isTrue();
        assertThat(message.payload()).isEqualTo(outward);

        byte[] inward = octets(ALICE, BOB, 60);
        peer.write(unmasked(FIN | BINARY, inward));
        assertThat(spoke.port.await(1)).containsExactly(inward);
      }
    }
  }

  /** Tornado wants a Host; vpn-ws 17 characters of MAC, and leave for other sources than that. */
  @Test
  void theFirstRequestHasAllThatAnyServerWants() throws Exception {
    try (LocalServer server = new LocalServer();
        LocalSpoke spoke = new LocalSpoke(server.uri(), "alice", "open:sesame", false)) {
      spoke.start();
      try (RawPeer peer = server.accept()) {
        String request = peer.head();
        String authority = server.uri().substring(5, server.uri().indexOf("/net"));
        assertThat(request.lines())
            .startsWith("GET /net?user=1 HTTP/1.1")
            .contains(
                "host: " + authority,
                "upgrade: websocket",
                "connection: Upgrade",
                "sec-websocket-version: 13",
                "sec-websocket-protocol: etherws.v2",
                "authorization: Basic YWxpY2U6b3BlbjpzZXNhbWU=",
                "X-vpn-ws-bridge: on")
            .anyMatch(line -> line.matches("X-vpn-ws-MAC: [0-9a-f][26ae](:[0-9a-f]{2}){5}"))
            .anyMatch(line -> line.matches("Etherws-Session: [A-Za-z0-9_-]{22}"))
            .anyMatch(line -> line.matches("sec-websocket-key: [A-Za-z0-9+/]{22}=="));
        assertThat(request).doesNotContainIgnoringCase("origin:", "extensions:");
      }
    }
  }

  @Test
  void theOperatorsHeadersAndHostGoAlong() throws Exception {
    Route route =
        new Route(
            Proxies.NONE,
            null,
            List.of(
                new Header("X-Site", "a"), new Header("X-Site", "b"), new Header("User-Agent", "")),
            "hub.example:8080");
    try (LocalServer server = new LocalServer();
        LocalSpoke spoke = LocalSpoke.by(route, server.uri())) {
      spoke.start();
      try (RawPeer peer = server.accept()) {
        String request = peer.head();
        assertThat(request.lines())
            .contains("host: hub.example:8080", "X-Site: a", "X-Site: b", "User-Agent: ");
        assertThat(request).doesNotContain("user-agent: etherws");
      }
    }
  }

  @Test
  void aPlainSpokeOffersNoSubProtocol() throws Exception {
    try (LocalServer server = new LocalServer();
        LocalSpoke spoke = LocalSpoke.plain(server.uri())) {
      spoke.start();
      try (RawPeer peer = server.accept()) {
        assertThat(peer.head())
            .startsWith("GET ")
            .doesNotContainIgnoringCase("sec-websocket-protocol", "etherws-session");
      }
    }
  }

  /** An echo that was learned would lead BOB's answer back into the tunnel. */
  @Test
  void broadcastsThatWebsockproxyEchoesDoNotMoveTheirSource() throws Exception {
    try (LocalServer server = new LocalServer();
        LocalSpoke spoke = new LocalSpoke(server.uri(), null, null, false)) {
      var up = spoke.start();
      try (RawPeer peer = server.accept(Answers.TORNADO)) {
        up.get(10, TimeUnit.SECONDS);
        spoke.receive(octets(BROADCAST, ALICE, 42));
        byte[] echo = peer.afterPings().payload();

        byte[] answer = octets(ALICE, BOB, 42);
        peer.write(unmasked(FIN | BINARY, echo), unmasked(FIN | BINARY, answer));

        assertThat(spoke.port.await(1)).containsExactly(answer);
        assertThat(spoke.tunnel().drops(DropReason.ECHO)).isEqualTo(1);
      }
    }
  }

  @Test
  void framesRightBehindTheAnswerAreDelivered() throws Exception {
    try (LocalServer server = new LocalServer();
        LocalSpoke spoke = new LocalSpoke(server.uri(), null, null, false)) {
      spoke.start();
      try (RawPeer peer = server.accept()) {
        byte[] first = octets(ALICE, BOB, 60);
        byte[] second = octets(ALICE, BOB, 1514);
        peer.write(
            LocalServer.answerTo(peer.head(), Answers.TORNADO),
            unmasked(FIN | BINARY, first),
            unmasked(FIN | BINARY, second));

        assertThat(spoke.port.await(2)).containsExactly(first, second);
      }
    }
  }

  /** etherws 0.4 writes text to its TAP. */
  @Test
  void noTextGoesToAServerWhateverItSays() throws Exception {
    try (LocalServer server = new LocalServer();
        LocalSpoke spoke = new LocalSpoke(server.uri(), null, null, false)) {
      spoke.start();
      try (RawPeer peer = server.accept(Answers.TORNADO)) {
        peer.write(
            unmasked(FIN | TEXT, "ping:1".getBytes(UTF_8)),
            unmasked(FIN | PING, "30".getBytes(UTF_8)));

        RawPeer.Message pong = peer.afterPings();
        assertThat(pong.first()).isEqualTo(FIN | PONG);
        assertThat(pong.masked()).isTrue();
        assertThat(pong.text()).isEqualTo("30");
        assertThat(spoke.tunnel().drops(DropReason.TEXT)).isEqualTo(1);
      }
    }
  }
}
