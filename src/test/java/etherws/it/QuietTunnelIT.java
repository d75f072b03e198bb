package etherws.it;

import static org.assertj.core.api.Assertions.assertThat;

import etherws.testing.Figure;
import etherws.testing.ReverseProxies;
import etherws.testing.ReverseProxies.Way;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tunnels in which nobody says anything, behind proxies that cut what is silent. */
@Tag("long")
class QuietTunnelIT {
  private static final int SECONDS = 190;
  private static final Pattern FRAMES = Pattern.compile("\"(in|e)gress_frames\":\\d+");

  @Test
  void surviveThreeMinutesBehindEachProxyAlsoByItsDefaults() throws Exception {
    try (ReverseProxies shipped = ReverseProxies.open();
        ReverseProxies defaults = ReverseProxies.open()) {
      shipped.startProxies();
      defaults.startProxiesByDefaultTimeOuts();
      shipped.dialIn();
      defaults.dialIn();
      List<String> before = frames(shipped, defaults);

      shipped
          .people
          .command("sleep", String.valueOf(SECONDS))
          .within(Duration.ofSeconds(SECONDS + 30))
          .succeed();

      assertThat(frames(shipped, defaults)).as("frames until now").isEqualTo(before);
      assertSurvived(shipped);
      assertSurvived(defaults);
      Figure.print(
          "quiet tunnels behind reverse proxies",
          "%d of %d alive after %d s without a frame, by the files of docs/proxies; %d of %d by the"
              + " proxies' own time-outs (nginx, Apache 60 s, haproxy 30 s)",
          shipped.ways.size(),
          shipped.ways.size(),
          SECONDS,
          defaults.ways.size(),
          defaults.ways.size());
    }
  }

  private static void assertSurvived(ReverseProxies world) throws Exception {
    assertThat(world.read("hub.log")).doesNotContain(" left after ");
    for (Way way : world.ways) {
      assertThat(world.people.reaches(way.hubTap())).as(way.network()).isTrue();
    }
  }

  /** Counters of all ports of both hubs. */
  private static List<String> frames(ReverseProxies... worlds) {
    return List.of(worlds).stream()
        .map(world -> world.hub.etherws("ports", "--json", "--socket", world.file("hub.sock")))
        .flatMap(ports -> FRAMES.matcher(ports.succeed()).results().map(MatchResult::group))
        .toList();
  }
}
