package etherws.tunnel;

import static etherws.testing.Frames.ALICE;
import static etherws.testing.Frames.BOB;
import static etherws.testing.Frames.octets;
import static etherws.tunnel.RawPeer.BINARY;
import static etherws.tunnel.RawPeer.FIN;
import static etherws.tunnel.RawPeer.TEXT;
import static etherws.tunnel.RawPeer.masked;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.websocket.CloseCode;
import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A client comes back before the hub has noticed that it was away, or is sent away to come back.
 */
class ReturningPeerTest {
  private static final String REQUEST =
      """
      GET / HTTP/1.1
      Host: HOST
      Upgrade: websocket
      Connection: Upgrade
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
      Sec-WebSocket-Version: 13
      Sec-WebSocket-Protocol: etherws.v2
      Etherws-Session: SESSION

      """;

  private LocalHub hub;

  @BeforeEach
  void listen() throws Exception {
    hub = new LocalHub("/", null, null);
  }

  @AfterEach
  void close() {
    hub.close();
  }

  @Test
  void itsOldLinkEndsAndItsAddressIsAtTheNewOne() throws Exception {
    byte[] frame = octets(BOB, ALICE, 60);
    try (RawPeer old = dial("0123456789abcdef");
        RawPeer other = dial("another-session0")) {
      sends(old, frame);
      try (RawPeer back = dial("0123456789abcdef")) {
        assertThat(old.afterPings().opcode()).isEqualTo(TEXT);
        assertThat(old.ended()).isTrue();
        sends(back, frame);
        byte[] answer = octets(ALICE, BOB, 60);
        hub.receive(answer);
        assertThat(back.afterPings().opcode()).as("hello").isEqualTo(TEXT);
        assertThat(back.afterPings().payload()).endsWith(answer);
      }
      sends(other, frame);
    }
  }

  @Test
  void isToldToDialAgainWhenItsNetworkIsSetUpAnew() throws Exception {
    try (RawPeer peer = dial("0123456789abcdef")) {
      assertThat(peer.afterPings().opcode()).as("hello").isEqualTo(TEXT);
      hub.rebuild();
      assertThat(peer.afterPings().closeCode()).isEqualTo(CloseCode.SERVICE_RESTART);
    }
  }

  @Test
  void getsThePlaceOfItsOldLinkWhereThereIsNoOther() throws Exception {
    byte[] frame = octets(BOB, ALICE, 60);
    hub.maxPeers(1);
    try (RawPeer old = dial("0123456789abcdef")) {
      sends(old, frame);
      try (RawPeer stranger = hub.dial().say(request("another-session0"))) {
        assertThat(stranger.head()).startsWith("HTTP/1.1 503 ");
      }
      try (RawPeer back = dial("0123456789abcdef")) {
        assertThat(old.afterPings().opcode()).as("hello").isEqualTo(TEXT);
        assertThat(old.ended()).isTrue();
        sends(back, frame);
      }
    }
  }

  private static String request(String session) {
    return REQUEST.replace("SESSION", session);
  }

  private RawPeer dial(String session) throws Exception {
    RawPeer peer = hub.dial().say(request(session));
    assertThat(peer.head()).startsWith("HTTP/1.1 101 ");
    String hello = "{\"type\":\"hello\",\"session\":\"" + session + "\"}";
    peer.write(masked(FIN | TEXT, hello.getBytes(UTF_8)));
    return peer;
  }

  /** Returns when it has come out of the hub's other port. */
  private void sends(RawPeer peer, byte[] frame) throws Exception {
    hub.port.take();
    ByteArrayOutputStream record = new ByteArrayOutputStream();
    record.writeBytes(new byte[] {0, 0, 0, (byte) frame.length, 0, 0, 0, 0, 0, 0});
    record.writeBytes(frame);
    peer.write(masked(FIN | BINARY, record.toByteArray()));
    assertThat(hub.port.await(1)).containsExactly(frame);
  }
}
