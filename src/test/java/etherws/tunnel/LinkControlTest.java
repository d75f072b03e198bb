package etherws.tunnel;

import static etherws.tunnel.RawPeer.FIN;
import static etherws.tunnel.RawPeer.PONG;
import static etherws.tunnel.RawPeer.masked;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.metrics.DropReason;
import etherws.tunnel.ControlMessage.Hello;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the ends of a link tell each other, from a hub's side. */
class LinkControlTest {
  private static final String HELLO = new Hello(Set.of("rtt", "going-away"), 0, null).json();

  @Test
  void greetsAPeerThatSpeaksV2AndNoOther() {
    try (EmbeddedLink link = new EmbeddedLink(Wire.V2, false)) {
      assertThat(link.greeting()).isEqualTo("8900" + text(HELLO));
    }
    try (EmbeddedLink link = new EmbeddedLink(Wire.PLAIN, false)) {
      assertThat(link.greeting()).isEqualTo("8900");
      link.says(HELLO);
      link.receives(masked(FIN | PONG, new byte[0]));
      link.link.goAway(1_000, "going");
      link.channel.runPendingTasks();
      assertThat(link.written()).isEqualTo("880703e9" + hex("going"));
      assertThat(link.counters().drops(DropReason.TEXT)).isEqualTo(1);
    }
  }

  @Test
  void tellsTheRoundTripTimeToWhoeverAsksForIt() {
    try (EmbeddedLink link = new EmbeddedLink(Wire.V2, false)) {
      link.receives(masked(FIN | PONG, new byte[0]));
      assertThat(link.written()).isEmpty();

      link.says(HELLO);
      link.receives(masked(FIN | PONG, new byte[0]));
      assertThat(link.written()).isEqualTo(text("{\"type\":\"rtt\",\"micros\":0}"));

      link.receives(masked(FIN | PONG, new byte[0]));
      assertThat(link.written()).as("not again within 10 s").isEmpty();
    }
  }

  @Test
  void saysWhenToComeBackBeforeItCloses() {
    try (EmbeddedLink link = new EmbeddedLink(Wire.V2, false)) {
      link.says(HELLO);
      link.link.goAway(1_234, "going");
      link.channel.runPendingTasks();
      assertThat(link.written())
          .isEqualTo(text("{\"type\":\"going-away\",\"millis\":1234}") + "880703e9" + hex("going"));
    }
  }

  @Test
  void justClosesForAPeerThatHasNotSaidItUnderstands() {
    try (EmbeddedLink link = new EmbeddedLink(Wire.V2, false)) {
      link.says("{\"type\":\"hello\"}");
      link.link.goAway(1_234, "going");
      link.channel.runPendingTasks();
      assertThat(link.written()).isEqualTo("880703e9" + hex("going"));
    }
  }

  @Test
  void remembersWhatThePeerTells() {
    try (EmbeddedLink link = new EmbeddedLink(Wire.V2, false)) {
      assertThat(link.link.peerRttNanos()).isEqualTo(-1);
      assertThat(link.link.returnMillis()).isEqualTo(-1);

      link.says("{\"type\":\"rtt\",\"micros\":7}");
      link.says("{\"type\":\"going-away\",\"millis\":8}");
      assertThat(link.link.peerRttNanos()).isEqualTo(7_000);
      assertThat(link.link.returnMillis()).isEqualTo(8);
    }
  }

  @Test
  void countsWhatIsNoMessageAndLives() {
    try (EmbeddedLink link = new EmbeddedLink(Wire.V2, false)) {
      link.says("ping:1");
      link.says("{\"type\":\"later\"}");
      assertThat(link.counters().drops(DropReason.TEXT)).isEqualTo(1);
      assertThat(link.written()).isEmpty();
      assertThat(link.channel.isActive()).isTrue();
    }
  }

  @Test
  void looksAtSixteenMessagesInASecond() {
    try (EmbeddedLink link = new EmbeddedLink(Wire.V2, false)) {
      for (int i = 0; i < 20; i++) {
        link.says("{\"type\":\"rtt\",\"micros\":" + i + "}");
      }
      assertThat(link.counters().drops(DropReason.TEXT)).isEqualTo(4);
      assertThat(link.link.peerRttNanos()).isEqualTo(15_000);

      link.nanos += 1_000_000_000;
      link.says("{\"type\":\"rtt\",\"micros\":99}");
      assertThat(link.link.peerRttNanos()).isEqualTo(99_000);
    }
  }

  private static String text(String text) {
    return "81%02x".formatted(text.length()) + hex(text);
  }

  private static String hex(String text) {
    return ByteBufUtil.hexDump(text.getBytes(StandardCharsets.UTF_8));
  }
}
