package etherws.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HomeDelayTest {
  private final HomeDelay delay = new HomeDelay();

  @Test
  void growsToAMinuteWhileTheFirstHubIsNotThere() {
    assertThat(seconds()).isEqualTo(5);
    delay.failed();
    assertThat(seconds()).isEqualTo(10);
    for (int i = 0; i < 10; i++) {
      delay.failed();
    }
    assertThat(seconds()).isEqualTo(60);
  }

  @Test
  void growsToFiveWhileTheFirstHubIsLostAgainAndAgain() {
    lost(0, 59);
    assertThat(seconds()).isEqualTo(10);
    for (int i = 0; i < 10; i++) {
      lost(0, 59);
    }
    delay.failed();
    assertThat(seconds()).isEqualTo(300);

    lost(1, 1);
    assertThat(seconds()).as("the other is not the one to stay away from").isEqualTo(300);
    lost(0, 60);
    assertThat(seconds()).isEqualTo(5);
  }

  private void lost(int index, int seconds) {
    delay.lost(index, Duration.ofSeconds(seconds).toNanos());
  }

  private long seconds() {
    return Duration.ofNanos(delay.nanos()).toSeconds();
  }
}
