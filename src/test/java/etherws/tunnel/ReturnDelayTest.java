package etherws.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReturnDelayTest {
  @Test
  void leavesTimeForANewStart() {
    assertThat(ReturnDelay.millis(0, 1)).isEqualTo(1_000);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 50, 1_000, 14_500, 20_000, 1_000_000})
  void spreadsAllPeersEvenlyOverHalfAMinuteAtMost(int peers) {
    long spread = Math.min(2L * peers, 29_000);
    assertThat(ReturnDelay.millis(0, peers)).isEqualTo(1_000);
    assertThat(ReturnDelay.millis(peers / 2, peers)).isEqualTo(1_000 + spread / 2);
    assertThat(ReturnDelay.millis(peers - 1, peers)).isBetween(998 + spread, 1_000 + spread);
  }
}
