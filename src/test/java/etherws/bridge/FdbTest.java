package etherws.bridge;

import static etherws.testing.Frames.ALICE;
import static etherws.testing.Frames.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.frame.MacAddress;
import etherws.testing.RecordingPort;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class FdbTest {
  private final Port port = new RecordingPort("port");
  private final Port other = new RecordingPort("other");
  private long nanos = 1_000;
  private final Fdb fdb = new Fdb(BridgeSettings.DEFAULTS, () -> nanos);

  @Test
  void knowsNothingAtFirst() {
    assertThat(fdb.lookup(0, ALICE)).isNull();
    assertThat(fdb.size()).isZero();
  }

  @Test
  void forgetsAnAddressAfterTheAgeingTime() {
    fdb.learn(1, ALICE, port);

    nanos += Duration.ofMinutes(5).toNanos();
    assertThat(fdb.lookup(1, ALICE)).isSameAs(port);

    nanos++;
    assertThat(fdb.lookup(1, ALICE)).isNull();
    assertThat(fdb.size()).isZero();
  }

  @Test
  void remembersAnAddressThatKeepsTalking() {
    fdb.learn(0, ALICE, port);
    for (int minute = 0; minute < 60; minute++) {
      nanos += Duration.ofMinutes(1).toNanos();
      fdb.learn(0, ALICE, port);
    }

    assertThat(fdb.lookup(0, ALICE)).isSameAs(port);
    assertThat(fdb.size()).isEqualTo(1);
  }

  @Test
  void followsAnAddressToAnotherPortAtOnce() {
    fdb.learn(0, ALICE, port);
    fdb.learn(0, ALICE, other);

    assertThat(fdb.lookup(0, ALICE)).isSameAs(other);
    assertThat(fdb.size()).isEqualTo(1);
  }

  @Test
  void keepsTheSameAddressApartInEachVlan() {
    fdb.learn(10, ALICE, port);
    fdb.learn(20, ALICE, other);

    assertThat(fdb.lookup(10, ALICE)).isSameAs(port);
    assertThat(fdb.lookup(20, ALICE)).isSameAs(other);
    assertThat(fdb.lookup(0, ALICE)).isNull();
  }

  @Test
  void neverLearnsAGroupAddress() {
    fdb.learn(0, MacAddress.BROADCAST, port);
    fdb.learn(0, MacAddress.parse("01:00:5e:00:00:01"), port);

    assertThat(fdb.size()).isZero();
  }

  @Test
  void forgetsThePortThatLeaves() {
    fdb.learn(0, ALICE, port);
    fdb.learn(0, BOB, other);

    fdb.forget(port);

    assertThat(fdb.lookup(0, ALICE)).isNull();
    assertThat(fdb.lookup(0, BOB)).isSameAs(other);
  }

  @Test
  void staysBoundedAndGivesUpTheAddressSilentForLongest() {
    Fdb small = new Fdb(new BridgeSettings(Duration.ofSeconds(300), 16), () -> nanos);
    for (int i = 0; i < 1_000; i++) {
      nanos += Duration.ofMillis(2_000).toNanos() / 1_000;
      small.learn(0, 0x0200_0000_1000L + i, port);
    }

    assertThat(small.size()).isEqualTo(16);
    assertThat(small.lookup(0, 0x0200_0000_1000L + 999)).isSameAs(port);
    assertThat(small.lookup(0, 0x0200_0000_1000L)).isNull();
  }

  @Test
  void keepsAllUntilItIsHalfFull() {
    int half = BridgeSettings.DEFAULTS.fdbSize() / 2;
    for (int i = 0; i < half; i++) {
      fdb.learn(0, 0x0200_0000_0000L + i * 7919L, port);
    }

    assertThat(fdb.size()).isEqualTo(half);
  }

  @Test
  void manyThreadsLearnAndLookUpAtOnce() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      Future<?>[] done = new Future<?>[4];
      for (int t = 0; t < 4; t++) {
        long base = 0x0200_0000_0000L + t * 0x10000L;
        Port mine = t % 2 == 0 ? port : other;
        done[t] =
            threads.submit(() -> {
              go.await();
              for (int round = 0; round < 200; round++) {
                for (long mac = base; mac < base + 100; mac++) {
                  fdb.learn(0, mac, mine);
                  Port found = fdb.lookup(0, mac);
                  assertThat(found == mine || found == null).isTrue();
                }
              }
              return null;
            });
      }
      go.countDown();
      for (Future<?> thread : done) {
        thread.get();
      }
    }
    assertThat(fdb.size()).isEqualTo(400);
  }
}
