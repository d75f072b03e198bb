package etherws.tunnel;

import static etherws.testing.Frames.ALICE;
import static etherws.testing.Frames.BOB;
import static etherws.testing.Frames.frame;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.frame.MacAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class EchoFilterTest {
  private final EchoFilter filter = new EchoFilter();

  @Test
  void recognisesAnEchoOnce() {
    filter.sent(frame(MacAddress.BROADCAST, ALICE), 0);

    assertThat(filter.isEcho(frame(MacAddress.BROADCAST, ALICE), 1)).isTrue();
    assertThat(filter.isEcho(frame(MacAddress.BROADCAST, ALICE), 2)).isFalse();
  }

  @Test
  void letsTheFramesOfOthersPass() {
    filter.sent(frame(MacAddress.BROADCAST, ALICE), 0);

    assertThat(filter.isEcho(frame(MacAddress.BROADCAST, BOB), 1)).isFalse();
  }

  @Test
  void takesUnicastForNoEcho() {
    filter.sent(frame(BOB, ALICE), 0);

    assertThat(filter.isEcho(frame(BOB, ALICE), 1)).isFalse();
  }

  @Test
  void forgetsAfterFiveSeconds() {
    filter.sent(frame(MacAddress.BROADCAST, ALICE), 0);

    assertThat(filter.isEcho(frame(MacAddress.BROADCAST, ALICE), Duration.ofSeconds(5).toNanos()))
        .isFalse();
  }
}
