package etherws.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import etherws.bridge.Bridge;
import etherws.bridge.BridgeSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class PeerNetworkTest {
  private static final int PLACES = 100;

  private static PeerNetwork network(int most) {
    return new PeerNetwork("lab", new Bridge(BridgeSettings.DEFAULTS, () -> 0), most);
  }

  @Test
  void hasAsManyPlacesAsItMayHaveHoweverManyComeAtOnce() throws Exception {
    int threads = 8;
    PeerNetwork network = network(PLACES);
    CountDownLatch ready = new CountDownLatch(threads);
    List<Future<Integer>> taken = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      for (int thread = 0; thread < threads; thread++) {
        taken.add(pool.submit(() -> take(network, ready)));
      }
    }
    int all = 0;
    for (Future<Integer> each : taken) {
      all += each.get();
    }
    assertThat(all).isEqualTo(PLACES);
    assertThat(network.takePlace()).isFalse();
  }

  private static int take(PeerNetwork network, CountDownLatch ready) throws InterruptedException {
    ready.countDown();
    ready.await();
    int taken = 0;
    for (int i = 0; i < PLACES; i++) {
      taken += network.takePlace() ? 1 : 0;
    }
    return taken;
  }

  @Test
  void hasNoLimitWithoutOne() {
    PeerNetwork network = network(0);
    for (int i = 0; i < PLACES; i++) {
      assertThat(network.takePlace()).isTrue();
    }
  }

  @Test
  void keepsWhoIsInUnderALowerLimit() {
    PeerNetwork network = network(2);
    network.takePlace();
    network.takePlace();
    network.maxPeers(1);
    assertThat(network.takePlace()).isFalse();

    network.maxPeers(3);
    assertThat(network.takePlace()).isTrue();
    assertThat(network.takePlace()).isFalse();
  }
}
