package etherws.tunnel;

import static etherws.testing.Frames.ALICE;
import static etherws.testing.Frames.BOB;
import static etherws.testing.Frames.octets;
import static etherws.tunnel.RawPeer.BINARY;
import static etherws.tunnel.RawPeer.CLOSE;
import static etherws.tunnel.RawPeer.FIN;
import static etherws.tunnel.RawPeer.PING;
import static etherws.tunnel.RawPeer.PONG;
import static etherws.tunnel.RawPeer.TEXT;
import static etherws.tunnel.RawPeer.unmasked;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.websocket.CloseCode;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A spoke's links come and go; the spoke stays until it is stopped. */
class SpokeLifeTest {
  private LocalServer server;

  @BeforeEach
  void listen() throws Exception {
    server = new LocalServer();
  }

  @AfterEach
  void close() throws Exception {
    server.close();
  }

  @Test
  void comesBackAfterTheServerHasClosed() throws Exception {
    try (LocalSpoke spoke = new LocalSpoke(server.uri(), null, null, false)) {
      var up = spoke.start();
      try (RawPeer first = server.accept(Answers.TORNADO)) {
        up.get(10, TimeUnit.SECONDS);
        first.write(unmasked(FIN | CLOSE, new byte[] {3, (byte) 0xe9}));
        assertThat(first.afterPings().closeCode()).isEqualTo(CloseCode.GOING_AWAY);
      }
      exchanges(spoke);
    }
  }

  @Test
  void comesBackAfterABareEnd() throws Exception {
    try (LocalSpoke spoke = new LocalSpoke(server.uri(), null, null, false)) {
      var up = spoke.start();
      try (RawPeer _ = server.accept(Answers.TORNADO)) {
        up.get(10, TimeUnit.SECONDS);
      }
      exchanges(spoke);
    }
  }

  @Test
  void afterTheFirstSuccessARefusalIsNotTheEnd() throws Exception {
    try (LocalSpoke spoke = new LocalSpoke(server.uri(), null, null, false)) {
      var up = spoke.start();
      try (RawPeer _ = server.accept(Answers.TORNADO)) {
        up.get(10, TimeUnit.SECONDS);
      }
      try (RawPeer _ = server.accept("HTTP/1.1 401 Authorization Required\n\n")) {
        exchanges(spoke);
      }
    }
  }

  @Test
  void withRetryTheFirstTryMayFail() throws Exception {
    try (LocalSpoke spoke = new LocalSpoke(server.uri(), null, null, true)) {
      var up = spoke.start();
      try (RawPeer _ = server.accept("HTTP/1.1 503 Service Unavailable\n\n")) {
        up.get(10, TimeUnit.SECONDS);
      }
      exchanges(spoke);
    }
  }

  @Test
  void saysThatItGoesAway() throws Exception {
    try (LocalSpoke spoke = new LocalSpoke(server.uri(), null, null, false)) {
      var up = spoke.start();
      try (RawPeer peer = server.accept(Answers.TORNADO)) {
        up.get(10, TimeUnit.SECONDS);
        var down = spoke.stop();
        assertThat(peer.afterPings().closeCode()).isEqualTo(CloseCode.GOING_AWAY);
        peer.write(unmasked(FIN | CLOSE, new byte[] {3, (byte) 0xe9}));
        assertThat(peer.ended()).isTrue();
        down.get(10, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void isNotBroughtBackByAnAnswerThatComesAfterTheStop() throws Exception {
    try (LocalSpoke spoke = new LocalSpoke(server.uri(), null, null, false)) {
      spoke.start();
      try (RawPeer peer = server.accept()) {
        String request = peer.head();
        spoke.stop().get(10, TimeUnit.SECONDS);

        peer.write(LocalServer.answerTo(request, Answers.TORNADO));
        assertThat(peer.afterPings().closeCode()).isEqualTo(CloseCode.GOING_AWAY);
      }
    }
  }

  @Test
  void comesBackWhenAHubThatGoesAwayWantsIt() throws Exception {
    try (LocalSpoke spoke = new LocalSpoke(server.uri(), null, null, false)) {
      var up = spoke.start();
      long left;
      try (RawPeer first = server.accept(Answers.V2)) {
        up.get(10, TimeUnit.SECONDS);
        first.write(
            unmasked(FIN | TEXT, "{\"type\":\"going-away\",\"millis\":1200}".getBytes(UTF_8)),
            unmasked(FIN | CLOSE, new byte[] {3, (byte) 0xe9}));
        left = System.nanoTime();
        assertThat(first.afterPings().opcode()).as("hello").isEqualTo(TEXT);
        assertThat(first.afterPings().closeCode()).isEqualTo(CloseCode.GOING_AWAY);
      }
      exchanges(spoke);
      assertThat(System.nanoTime() - left).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(1_190));
    }
  }

  @Test
  void dialsAtOnceWhenTheNetworkHasChangedAndNothingAnswers() throws Exception {
    try (LocalSpoke spoke = new LocalSpoke(server.uri(), null, null, false)) {
      var up = spoke.start();
      try (RawPeer first = server.accept(Answers.TORNADO)) {
        up.get(10, TimeUnit.SECONDS);
        assertThat(first.message().opcode()).isEqualTo(PING);
        first.write(unmasked(FIN | PONG, new byte[0]));
        first.write(unmasked(FIN | BINARY, octets(ALICE, BOB, 60)));
        spoke.port.await(1);

        spoke.networkChanged();
        assertThat(first.message().opcode()).isEqualTo(PING);
        exchanges(spoke);
        assertThat(first.ended()).isTrue();
      }
    }
  }

  @Test
  void staysWithAHubThatAnswersAfterTheNetworkHasChanged() throws Exception {
    try (LocalSpoke spoke = new LocalSpoke(server.uri(), null, null, false)) {
      var up = spoke.start();
      try (RawPeer first = server.accept(Answers.TORNADO)) {
        up.get(10, TimeUnit.SECONDS);
        for (int i = 0; i < 3; i++) {
          assertThat(first.message().opcode()).isEqualTo(PING);
          first.write(unmasked(FIN | PONG, new byte[0]));
          spoke.networkChanged();
        }
        first.write(unmasked(FIN | BINARY, octets(ALICE, BOB, 60)));
        assertThat(spoke.port.await(1)).hasSize(1);
      }
    }
  }

  /** Accepts once more, and a frame gets through. */
  private void exchanges(LocalSpoke spoke) throws Exception {
    byte[] frame = octets(ALICE, BOB, 60);
    spoke.port.take();
    try (RawPeer peer = server.accept(Answers.TORNADO)) {
      peer.write(unmasked(FIN | BINARY, frame));
      assertThat(spoke.port.await(1)).containsExactly(frame);
    }
  }
}
