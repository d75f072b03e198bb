package etherws.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LongSummaryStatistics;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReconnectDelayTest {
  @ParameterizedTest
  @CsvSource({"0, 1000", "3, 1000", "18, 3000", "180, 30000", "86400, 30000"})
  void isSpreadOverASixthOfTheOutage(long outageSeconds, long windowMillis) {
    Random random = new Random(42);
    long outage = Duration.ofSeconds(outageSeconds).toNanos();

    LongSummaryStatistics delays =
        LongStream.range(0, 10_000)
            .map(_ -> ReconnectDelay.nanos(outage, random) / 1_000_000)
            .summaryStatistics();

    assertThat(delays.getMax()).isBetween(windowMillis * 99 / 100, windowMillis);
    assertThat(delays.getMin()).isBetween(0L, windowMillis / 100);
    assertThat(delays.getAverage()).isBetween(windowMillis * 0.45, windowMillis * 0.55);
  }
}
