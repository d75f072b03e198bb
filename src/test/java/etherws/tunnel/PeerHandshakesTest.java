package etherws.tunnel;

import static etherws.testing.Frames.ALICE;
import static etherws.testing.Frames.BOB;
import static etherws.testing.Frames.octets;
import static etherws.tunnel.RawPeer.BINARY;
import static etherws.tunnel.RawPeer.FIN;
import static etherws.tunnel.RawPeer.PING;
import static etherws.tunnel.RawPeer.PONG;
import static etherws.tunnel.RawPeer.TEXT;
import static etherws.tunnel.RawPeer.masked;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.metrics.DropReason;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every kind of plain client that is known comes in with its own handshake and exchanges frames.
 */
class PeerHandshakesTest {
  /** An ARP packet in a frame without padding, as a machine in a browser sends it. */
  private static final byte[] SHORT_FRAME = octets(ALICE, BOB, 42);

  private LocalHub hub;

  @BeforeEach
  void start() throws IOException {
    hub = new LocalHub("/", null, null);
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  /** websocket-client 0.7.0 wants these values alone, and a colon in every line. */
  @Test
  void oldEtherwsIsAnsweredInTheFewWordsItKnows() throws Exception {
    try (RawPeer peer = hub.dial().say(Requests.OLD_ETHERWS)) {
      assertThat(peer.head().lines())
          .containsExactly(
              "HTTP/1.1 101 Switching Protocols",
              "upgrade: websocket",
              "connection: upgrade",
              "sec-websocket-accept: " + Requests.ACCEPT);
      exchangesFrames(peer, octets(ALICE, BOB, 60));
    }
  }

  @Test
  void oldEtherwsMayAnswerAPingWithWhatItLikes() throws Exception {
    try (RawPeer peer = hub.dial().say(Requests.OLD_ETHERWS)) {
      peer.head();
      assertThat(peer.message().first()).isEqualTo(FIN | PING);

      peer.write(masked(FIN | PONG, "Hi!".getBytes(UTF_8)));
      exchangesFrames(peer, octets(ALICE, BOB, 1514));
    }
  }

  @Test
  void vpnWsComesInWithoutAVersionAndWithAShortKey() throws Exception {
    try (RawPeer peer = hub.dial().say(Requests.VPN_WS)) {
      assertThat(peer.head()).contains(" 101 ").endsWith(" " + Requests.VPN_WS_ACCEPT);
      exchangesFrames(peer, octets(ALICE, BOB, 60));
    }
  }

  @Test
  void vpnWsPingsAreAnswered() throws Exception {
    try (RawPeer peer = hub.dial().say(Requests.VPN_WS)) {
      peer.head();

      peer.write(masked(FIN | PING, new byte[0]));
      assertThat(peer.afterPings().first()).isEqualTo(FIN | PONG);
    }
  }

  @Test
  void v86GetsNoExtensionAndItsShortFramesPass() throws Exception {
    try (RawPeer peer = hub.dial().say(Requests.BROWSER)) {
      assertThat(peer.head()).contains(" 101 ").doesNotContain("extension");
      exchangesFrames(peer, SHORT_FRAME);
    }
  }

  @Test
  void jor1kHasItsTextPingsAnswered() throws Exception {
    try (RawPeer peer = hub.dial().say(Requests.BROWSER)) {
      peer.head();

      peer.write(masked(FIN | TEXT, "ping:1423.5".getBytes(UTF_8)));
      RawPeer.Message pong = peer.afterPings();

      assertThat(pong.first()).isEqualTo(FIN | TEXT);
      assertThat(pong.text()).isEqualTo("pong:1423.5");
      exchangesFrames(peer, SHORT_FRAME);
      assertThat(hub.peer().drops(DropReason.TEXT)).isZero();
    }
  }

  /** A browser fails a connection that selects what it has not offered, and the other way round. */
  @Test
  void noSubProtocolIsSelected() throws Exception {
    String request =
        Requests.BROWSER.replace("Pragma: no-cache", "Sec-WebSocket-Protocol: binary, base64");
    try (RawPeer peer = hub.dial().say(request)) {
      assertThat(peer.head()).contains(" 101 ").doesNotContain("protocol:");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://evil.example", "http://127.0.0.1:1", "null"})
  void foreignPagesAreKeptOut(String origin) throws Exception {
    String request = Requests.BROWSER.replace("Origin: http://HOST", "Origin: " + origin);
    try (RawPeer peer = hub.dial().say(request)) {
      assertThat(peer.head()).startsWith("HTTP/1.1 403 ");
      assertThat(peer.ended()).isTrue();
    }
  }

  @Test
  void pagesOnTheListComeIn() throws Exception {
    String request = Requests.BROWSER.replace("http://HOST", "https://friend.example");
    try (RawPeer peer = hub.dial().say(request)) {
      assertThat(peer.head()).startsWith("HTTP/1.1 101 ");
    }
  }

  /** One frame each way; the way out must be one whole binary message, and no text before it. */
  private void exchangesFrames(RawPeer peer, byte[] inward) throws Exception {
    peer.write(masked(FIN | BINARY, inward));
    assertThat(hub.port.await(1).getLast()).isEqualTo(inward);

    byte[] outward = octets(BOB, ALICE, 1514);
    hub.receive(outward);
    RawPeer.Message message = peer.afterPings();
    assertThat(message.first()).isEqualTo(FIN | BINARY);
    assertThat(message.masked()).isFalse();
    assertThat(message.payload()).isEqualTo(outward);
  }
}
