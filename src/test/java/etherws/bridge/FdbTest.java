package etherws.bridge;

import static etherws.testing.Frames.ALICE;
import static etherws.testing.Frames.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.metrics.DropReason;
import etherws.testing.RecordingPort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FdbTest {
  private static final long BASE = 0x0200_0000_0000L;

  private final List<String> flaps = new ArrayList<>();
  private final Bridge bridge = new Bridge(BridgeSettings.DEFAULTS, () -> 0);
  private final Attachment port = attach("port", PortPolicy.LOCAL);
  private final Attachment other = attach("other", PortPolicy.LOCAL);
  private final Attachment client = attach("client", PortPolicy.CLIENT);
  private long nanos = 1_000;
  private Fdb fdb = fdb(BridgeSettings.DEFAULTS.fdbSize());

  private Attachment attach(String name, PortPolicy policy) {
    return bridge.attach(new RecordingPort(name), policy);
  }

  private Fdb fdb(int size) {
    return new Fdb(
        new BridgeSettings(Duration.ofSeconds(300), size),
        (mac, from, to, now) -> flaps.add(from.port().name() + " " + to.port().name()));
  }

  private @Nullable DropReason learn(int vid, long mac, Attachment port) {
    return fdb.learn(vid, mac, port, nanos);
  }

  private @Nullable Attachment lookup(int vid, long mac) {
    return fdb.lookup(vid, mac, nanos);
  }

  private int size() {
    return fdb.entries(nanos).size();
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
  }

  @Test
  void knowsNothingAtFirst() {
    assertThat(lookup(0, ALICE)).isNull();
    assertThat(size()).isZero();
  }

  @Test
  void forgetsAnAddressAfterTheAgeingTime() {
    learn(1, ALICE, port);

    pass(Duration.ofMinutes(5));
    assertThat(lookup(1, ALICE)).isSameAs(port);

    nanos++;
    assertThat(lookup(1, ALICE)).isNull();
    assertThat(size()).isZero();
  }

  @Test
  void remembersAnAddressThatKeepsTalking() {
    learn(0, ALICE, port);
    for (int minute = 0; minute < 60; minute++) {
      pass(Duration.ofMinutes(1));
      learn(0, ALICE, port);
    }

    assertThat(lookup(0, ALICE)).isSameAs(port);
    assertThat(size()).isEqualTo(1);
  }

  @Test
  void followsAnAddressToAnotherPortAtOnce() {
    learn(0, ALICE, port);
    learn(0, ALICE, other);

    assertThat(lookup(0, ALICE)).isSameAs(other);
    assertThat(size()).isEqualTo(1);
    assertThat(port.learned()).isZero();
    assertThat(other.learned()).isEqualTo(1);
  }

  @Test
  void keepsTheSameAddressApartInEachVlan() {
    learn(10, ALICE, port);
    learn(20, ALICE, other);

    assertThat(lookup(10, ALICE)).isSameAs(port);
    assertThat(lookup(20, ALICE)).isSameAs(other);
    assertThat(lookup(0, ALICE)).isNull();
  }

  @Test
  void forgetsThePortThatLeaves() {
    learn(0, ALICE, port);
    learn(0, BOB, other);

    fdb.forget(port);

    assertThat(lookup(0, ALICE)).isNull();
    assertThat(lookup(0, BOB)).isSameAs(other);
    assertThat(port.learned()).isZero();
  }

  @Test
  void forgetsAll() {
    learn(0, ALICE, port);
    learn(0, BOB, other);

    fdb.clear();

    assertThat(size()).isZero();
    assertThat(port.learned()).isZero();
  }

  @Test
  void tellsWhatItKnows() {
    learn(7, ALICE, port);
    pass(Duration.ofMillis(2_900));

    assertThat(fdb.entries(nanos)).containsExactly(new FdbEntry(7, ALICE, port, 2));
  }

  @Test
  void staysBoundedAndGivesUpTheAddressSilentForLongest() {
    fdb = fdb(16);
    for (int i = 0; i < 1_000; i++) {
      pass(Duration.ofMillis(2));
      learn(0, BASE + i, port);
    }

    assertThat(size()).isEqualTo(16);
    assertThat(port.learned()).isEqualTo(16);
    assertThat(lookup(0, BASE + 999)).isSameAs(port);
    assertThat(lookup(0, BASE)).isNull();
  }

  @Test
  void keepsAllUntilItIsHalfFull() {
    int half = BridgeSettings.DEFAULTS.fdbSize() / 2;
    for (int i = 0; i < half; i++) {
      learn(0, BASE + i * 7919L, port);
    }

    assertThat(size()).isEqualTo(half);
  }

  @Test
  void aPortThatInventsAddressesEvictsItsOwn() {
    for (int i = 0; i < 1_000; i++) {
      learn(0, BASE + i, other);
    }
    pass(Duration.ofMinutes(1));
    for (int i = 0; i < 100_000; i++) {
      learn(0, BASE + 0x1_0000 + i * 31L, port);
    }

    assertThat(size()).isLessThanOrEqualTo(BridgeSettings.DEFAULTS.fdbSize());
    assertThat(other.learned()).isEqualTo(1_000);
    for (int i = 0; i < 1_000; i++) {
      assertThat(lookup(0, BASE + i)).isSameAs(other);
    }
  }

  @Test
  void aPortTakesNoPlaceFromOneThatHasAsFew() {
    fdb = fdb(16);
    for (int i = 0; i < 8; i++) {
      learn(0, BASE + i, other);
    }
    pass(Duration.ofSeconds(1));
    for (int i = 8; i < 17; i++) {
      learn(0, BASE + i, port);
    }

    assertThat(other.learned()).isEqualTo(8);
    assertThat(port.learned()).isEqualTo(8);
  }

  @Test
  void aPortHasNoMoreAddressesThanItMayAndKeepsThose() {
    for (int i = 0; i < 1_024; i++) {
      assertThat(learn(0, BASE + i, client)).isNull();
    }

    assertThat(learn(0, BASE + 2_000, client)).isEqualTo(DropReason.MAC_LIMIT);
    assertThat(learn(0, BASE + 5, client)).isNull();
    assertThat(client.learned()).isEqualTo(1_024);
    assertThat(learn(0, BASE + 2_000, port)).isNull();
  }

  @Test
  void agedAddressesMakeRoomUnderThePortsLimit() {
    for (int i = 0; i < 1_024; i++) {
      learn(0, BASE + i, client);
    }
    pass(Duration.ofSeconds(301));
    for (int second = 0; second < 16; second++) {
      fdb.sweep(nanos);
    }

    assertThat(client.learned()).isZero();
    assertThat(learn(0, BASE + 2_000, client)).isNull();
  }

  @Test
  void nobodyTakesAnAddressThatIsActiveElsewhere() {
    learn(0, ALICE, port);
    pass(Duration.ofMillis(4_999));
    assertThat(learn(0, ALICE, client)).isEqualTo(DropReason.MAC_IN_USE);
    assertThat(lookup(0, ALICE)).isSameAs(port);

    pass(Duration.ofMillis(1));
    assertThat(learn(0, ALICE, client)).isNull();
    assertThat(lookup(0, ALICE)).isSameAs(client);
  }

  @Test
  void whoKeepsTalkingKeepsItsAddress() {
    for (int i = 0; i < 200; i++) {
      learn(0, ALICE, port);
      pass(Duration.ofMillis(99));
      assertThat(learn(0, ALICE, client)).isEqualTo(DropReason.MAC_IN_USE);
    }
  }

  @Test
  void thoseOfOneOwnerTakeEachOthersAddressesAtOnce() {
    Attachment again = bridge.attach(new RecordingPort("again", "client"), PortPolicy.CLIENT);
    learn(0, ALICE, client);

    assertThat(learn(0, ALICE, again)).isNull();
    assertThat(lookup(0, ALICE)).isSameAs(again);
  }

  @Test
  void anAddressOnAShutPortIsUnknownAndFree() {
    learn(0, ALICE, port);
    port.shut(true);

    assertThat(lookup(0, ALICE)).isNull();
    assertThat(learn(0, ALICE, client)).isNull();
  }

  @Test
  void tellsOfAnAddressThatMovesToAndFro() {
    for (int i = 0; i <= Fdb.MAX_MOVES; i++) {
      learn(0, ALICE, i % 2 == 0 ? port : other);
    }
    assertThat(flaps).as("%d moves", Fdb.MAX_MOVES).isEmpty();

    learn(0, ALICE, other);
    assertThat(flaps).containsExactly("port other");
  }

  @Test
  void takesASlowWandererForNoLoop() {
    for (int i = 0; i < 100; i++) {
      learn(0, ALICE, i % 2 == 0 ? port : other);
      pass(Duration.ofMillis(120));
    }

    assertThat(flaps).isEmpty();
  }

  @Test
  void manyThreadsLearnAndLookUpAtOnce() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      Future<?>[] done = new Future<?>[4];
      for (int t = 0; t < 4; t++) {
        long base = BASE + t * 0x10000L;
        Attachment mine = t % 2 == 0 ? port : other;
        done[t] =
            threads.submit(() -> {
              go.await();
              for (int round = 0; round < 200; round++) {
                for (long mac = base; mac < base + 100; mac++) {
                  learn(0, mac, mine);
                  Attachment found = lookup(0, mac);
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
    assertThat(size()).isEqualTo(400);
  }

  @Test
  void countsEachEntryOnceWhateverTheThreadsDo() throws Exception {
    fdb = fdb(1_024);
    CountDownLatch go = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      Future<?>[] done = new Future<?>[4];
      for (int t = 0; t < 4; t++) {
        SplittableRandom random = new SplittableRandom(t);
        done[t] =
            threads.submit(() -> {
              go.await();
              for (int i = 0; i < 50_000; i++) {
                learn(0, BASE + random.nextInt(3_000), random.nextBoolean() ? port : client);
              }
              return null;
            });
      }
      go.countDown();
      for (Future<?> thread : done) {
        thread.get();
      }
    }
    assertThat(port.learned() + client.learned()).isEqualTo(size()).isLessThanOrEqualTo(1_024);
    assertThat(client.learned()).isLessThanOrEqualTo(1_024);
  }
}
