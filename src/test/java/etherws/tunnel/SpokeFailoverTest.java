package etherws.tunnel;

import static etherws.testing.Frames.ALICE;
import static etherws.testing.Frames.BOB;
import static etherws.testing.Frames.octets;
import static etherws.tunnel.RawPeer.BINARY;
import static etherws.tunnel.RawPeer.CLOSE;
import static etherws.tunnel.RawPeer.FIN;
import static etherws.tunnel.RawPeer.TEXT;
import static etherws.tunnel.RawPeer.unmasked;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etherws.metrics.PortCounters;
import etherws.websocket.CloseCode;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One session, two hubs. */
class SpokeFailoverTest {
  private LocalServer first;
  private LocalServer second;

  @BeforeEach
  void listen() throws Exception {
    first = new LocalServer();
    second = new LocalServer();
  }

  @AfterEach
  void close() throws Exception {
    first.close();
    second.close();
  }

  @Test
  void dialsTheSecondWhenTheFirstDoesNotListen() throws Exception {
    first.close();
    try (LocalSpoke spoke = LocalSpoke.of(first.uri(), second.uri())) {
      var up = spoke.start();
      try (RawPeer peer = second.accept(Answers.TORNADO)) {
        up.get(10, TimeUnit.SECONDS);
        exchanges(spoke, peer);
      }
    }
  }

  @Test
  void dialsTheSecondWhenTheFirstRefuses() throws Exception {
    try (LocalSpoke spoke = LocalSpoke.of(first.uri(), second.uri())) {
      var up = spoke.start();
      try (RawPeer _ = first.accept("HTTP/1.1 401 Authorization Required\n\n");
          RawPeer peer = second.accept(Answers.TORNADO)) {
        up.get(10, TimeUnit.SECONDS);
        exchanges(spoke, peer);
      }
    }
  }

  @Test
  void failsWithTheReasonsOfAllAndInTheKindOfTheFirst() throws Exception {
    second.close();
    try (LocalSpoke spoke = LocalSpoke.of(first.uri(), second.uri())) {
      var up = spoke.start();
      try (RawPeer _ = first.accept("HTTP/1.1 404 Not Found\n\n")) {
        assertThatThrownBy(() -> up.get(10, TimeUnit.SECONDS))
            .hasMessageContaining("no network at path")
            .hasMessageContaining("connection refused")
            .hasRootCauseInstanceOf(DialException.class)
            .rootCause()
            .extracting("kind")
            .isEqualTo(DialException.Kind.HANDSHAKE);
      }
    }
  }

  @Test
  void takesTheSecondForTheLostFirstAndReturnsWithoutAGap() throws Exception {
    try (LocalSpoke spoke = LocalSpoke.of(first.uri(), second.uri())) {
      var up = spoke.start();
      PortCounters before;
      try (RawPeer peer = first.accept(Answers.TORNADO)) {
        up.get(10, TimeUnit.SECONDS);
        exchanges(spoke, peer);
        before = spoke.tunnel();
      }
      RawPeer refused = first.accept("HTTP/1.1 503 Service Unavailable\n\n");
      try (RawPeer peer = second.accept(Answers.TORNADO)) {
        exchanges(spoke, peer);
        try (RawPeer home = first.accept(Answers.TORNADO)) { // after some seconds
          exchanges(spoke, home);
          assertThat(peer.afterPings().closeCode()).isEqualTo(CloseCode.NORMAL);
          peer.write(unmasked(FIN | CLOSE, new byte[] {3, (byte) 0xe8}));
          assertThat(peer.ended()).isTrue();
          exchanges(spoke, home);
        }
      }
      refused.close();
      assertThat(spoke.tunnel()).as("the port").isSameAs(before);
    }
  }

  @Test
  void movesOnWhenTheFirstGoesAway() throws Exception {
    try (LocalSpoke spoke = LocalSpoke.of(first.uri(), second.uri())) {
      var up = spoke.start();
      try (RawPeer peer = first.accept(Answers.V2)) {
        up.get(10, TimeUnit.SECONDS);
        peer.write(
            unmasked(FIN | TEXT, "{\"type\":\"going-away\",\"millis\":1}".getBytes(UTF_8)),
            unmasked(FIN | CLOSE, new byte[] {3, (byte) 0xe9}));
        try (RawPeer other = second.accept(Answers.TORNADO)) {
          exchanges(spoke, other);
        }
      }
    }
  }

  private static void exchanges(LocalSpoke spoke, RawPeer peer) throws Exception {
    byte[] frame = octets(ALICE, BOB, 60);
    spoke.port.take();
    peer.write(unmasked(FIN | BINARY, frame));
    assertThat(spoke.port.await(1)).containsExactly(frame);
  }
}
