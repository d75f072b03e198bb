package etherws.tunnel;

import static etherws.testing.Frames.ALICE;
import static etherws.testing.Frames.BOB;
import static etherws.testing.Frames.octets;
import static etherws.tunnel.RawPeer.BINARY;
import static etherws.tunnel.RawPeer.CLOSE;
import static etherws.tunnel.RawPeer.CONTINUATION;
import static etherws.tunnel.RawPeer.FIN;
import static etherws.tunnel.RawPeer.PING;
import static etherws.tunnel.RawPeer.PONG;
import static etherws.tunnel.RawPeer.TEXT;
import static etherws.tunnel.RawPeer.masked;
import static etherws.tunnel.RawPeer.unmasked;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Arrays.copyOfRange;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.frame.EthernetFrame;
import etherws.metrics.DropReason;
import etherws.websocket.CloseCode;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a hub makes of a peer's messages, good and bad. */
class HubMessagesTest {
  private static final byte[] GOOD = octets(ALICE, BOB, 60);

  private LocalHub hub;
  private RawPeer peer;

  @BeforeEach
  void join() throws IOException {
    hub = new LocalHub("/", null, null);
    peer = hub.dial().say(Requests.VPN_WS);
    peer.head();
  }

  @AfterEach
  void leave() throws IOException {
    peer.close();
    hub.close();
  }

  @Test
  void runtsAreCountedAndTheLinkLives() throws Exception {
    peer.write(
        masked(FIN | BINARY, new byte[0]),
        masked(FIN | BINARY, copyOfRange(GOOD, 0, 13)),
        masked(FIN | BINARY, GOOD));

    assertThat(hub.port.await(1)).containsExactly(GOOD);
    assertThat(hub.peer().drops(DropReason.RUNT)).isEqualTo(2);
    assertThat(hub.peer().ingressFrames()).isEqualTo(1);
  }

  @Test
  void aBareHeaderIsTheShortestFrame() throws Exception {
    byte[] header = copyOfRange(GOOD, 0, 14);
    peer.write(masked(FIN | BINARY, header));

    assertThat(hub.port.await(1)).containsExactly(header);
  }

  @Test
  void textIsCountedAndTheLinkLives() throws Exception {
    peer.write(
        masked(FIN | TEXT, "hello".getBytes(UTF_8)),
        masked(FIN | TEXT, new byte[0]),
        masked(FIN | BINARY, GOOD));

    assertThat(hub.port.await(1)).containsExactly(GOOD);
    assertThat(hub.peer().drops(DropReason.TEXT)).isEqualTo(2);
  }

  @Test
  void fragmentsMakeOneFrameEvenAroundAPing() throws Exception {
    peer.write(
        masked(BINARY, copyOfRange(GOOD, 0, 5)),
        masked(FIN | PING, "now".getBytes(UTF_8)),
        masked(CONTINUATION, copyOfRange(GOOD, 5, 5)),
        masked(FIN | CONTINUATION, copyOfRange(GOOD, 5, 60)));

    assertThat(hub.port.await(1)).containsExactly(GOOD);
    RawPeer.Message pong = peer.afterPings();
    assertThat(pong.first()).isEqualTo(FIN | PONG);
    assertThat(pong.text()).isEqualTo("now");
  }

  @Test
  void theLongestFramePasses() throws Exception {
    byte[] longest = octets(ALICE, BOB, EthernetFrame.MAX_LENGTH);
    peer.write(masked(FIN | BINARY, longest));

    assertThat(hub.port.await(1)).containsExactly(longest);
  }

  @Test
  void aMessageBeyondTheMaximumEndsTheLink() throws Exception {
    peer.write(masked(FIN | BINARY, new byte[EthernetFrame.MAX_LENGTH + 1]));

    closesWith(CloseCode.MESSAGE_TOO_BIG);
  }

  @Test
  void anUnmaskedMessageEndsTheLink() throws Exception {
    peer.write(unmasked(FIN | BINARY, GOOD));

    closesWith(CloseCode.PROTOCOL_ERROR);
  }

  @Test
  void aCompressedMessageEndsTheLink() throws Exception {
    peer.write(masked(FIN | 0x40 | BINARY, GOOD));

    closesWith(CloseCode.PROTOCOL_ERROR);
  }

  @Test
  void aCloseIsAnsweredAndTheConnectionClosed() throws Exception {
    peer.write(masked(FIN | CLOSE, new byte[] {3, (byte) 0xe8}));

    closesWith(CloseCode.NORMAL);
  }

  @Test
  void aHubThatStopsSaysThatItGoesAway() throws Exception {
    hub.peer();
    Thread stopping = Thread.ofVirtual().start(hub::close);

    RawPeer.Message close = peer.afterPings();
    assertThat(close.closeCode()).isEqualTo(CloseCode.GOING_AWAY);
    peer.write(masked(FIN | CLOSE, close.payload()));
    assertThat(peer.ended()).isTrue();
    stopping.join();
  }

  private void closesWith(int code) throws IOException {
    RawPeer.Message close = peer.afterPings();
    assertThat(close.first()).isEqualTo(FIN | CLOSE);
    assertThat(close.closeCode()).isEqualTo(code);
    assertThat(peer.ended()).isTrue();
  }
}
