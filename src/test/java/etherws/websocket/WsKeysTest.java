package etherws.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WsKeysTest {
  @Test
  void keysDoNotRepeatWithinOrBetweenBlocksOrLinks() {
    SecureRandom seed = new SecureRandom();
    int keys = 2_000;

    assertThat(
            Stream.of(new WsKeys(seed), new WsKeys(seed))
                .flatMap(link -> Stream.generate(link::nextLong).limit(keys))
                .collect(Collectors.toSet()))
        .hasSize(2 * keys);
  }

  @Test
  void everyBitIsSetHalfOfTheTime() {
    WsKeys keys = new WsKeys(new SecureRandom());
    int draws = 100_000;
    int[] set = new int[Integer.SIZE];
    for (int i = 0; i < draws; i++) {
      int key = keys.nextInt();
      for (int bit = 0; bit < Integer.SIZE; bit++) {
        set[bit] += key >>> bit & 1;
      }
    }

    // Ten standard deviations: chance doesn't fail this test.
    double tolerance = 10 * Math.sqrt(draws) / 2;
    for (int ones : set) {
      assertThat((double) ones).isBetween(draws / 2.0 - tolerance, draws / 2.0 + tolerance);
    }
  }
}
