package etherws.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  @Test
  void holdsABurst() {
    TokenBucket bucket = new TokenBucket(10, 3, 0);

    assertThat(bucket.take(3, 0)).isTrue();
    assertThat(bucket.take(1, 0)).isFalse();
    assertThat(bucket.take(1, SECOND / 10)).isTrue();
    assertThat(bucket.take(1, SECOND / 10)).isFalse();
  }

  @Test
  void neverHoldsMore() {
    TokenBucket bucket = new TokenBucket(10, 3, 0);

    assertThat(bucket.take(4, 100 * SECOND)).isFalse();
    assertThat(bucket.take(3, 100 * SECOND)).isTrue();
  }

  @Test
  void takesNothingWhenItSaysNo() {
    TokenBucket bucket = new TokenBucket(10, 3, 0);

    assertThat(bucket.take(5, 0)).isFalse();
    assertThat(bucket.take(3, 0)).isTrue();
  }

  @Test
  void countsTheBitsOfFastLines() {
    long rate = 100_000_000_000L;
    TokenBucket bucket = new TokenBucket(rate, rate / 10, 0);
    long passed = 0;
    while (bucket.take(524_288, 0)) {
      passed += 524_288;
    }

    assertThat(passed).isBetween(rate / 10 - 524_288, rate / 10 + rate / 1_000);
  }

  @Test
  void givesEachTokenToOneThreadOnly() {
    TokenBucket bucket = new TokenBucket(1, 10_000, 0);
    AtomicInteger taken = new AtomicInteger();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (int t = 0; t < 4; t++) {
        threads.execute(() -> {
          for (int i = 0; i < 10_000; i++) {
            if (bucket.take(1, 0)) {
              taken.incrementAndGet();
            }
          }
        });
      }
    }

    assertThat(taken).hasValue(10_000);
  }
}
