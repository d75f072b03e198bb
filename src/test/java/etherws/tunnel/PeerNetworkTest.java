package etherws.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import etherws.auth.Identity;
import etherws.bridge.Bridge;
import etherws.bridge.BridgeSettings;
import etherws.bridge.PortPolicy;
import java.net.InetSocketAddress;
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
    assertThat(network.takePlace(null, null)).isFalse();
  }

  private static int take(PeerNetwork network, CountDownLatch ready) throws InterruptedException {
    ready.countDown();
    ready.await();
    int taken = 0;
    for (int i = 0; i < PLACES; i++) {
      taken += network.takePlace(null, null) ? 1 : 0;
    }
    return taken;
  }

  @Test
  void hasNoLimitWithoutOne() {
    PeerNetwork network = network(0);
    for (int i = 0; i < PLACES; i++) {
      assertThat(network.takePlace(null, null)).isTrue();
    }
  }

  @Test
  void keepsWhoIsInUnderALowerLimit() {
    PeerNetwork network = network(2);
    network.takePlace(null, null);
    network.takePlace(null, null);
    network.maxPeers(1);
    assertThat(network.takePlace(null, null)).isFalse();

    network.maxPeers(3);
    assertThat(network.takePlace(null, null)).isTrue();
    assertThat(network.takePlace(null, null)).isFalse();
  }

  @Test
  void givesWhoComesBackThePlaceOfItsOlderLinkAndNobodyElse() {
    Identity alice = new Identity("alice", 7);
    PeerNetwork network = network(1);
    assertThat(network.takePlace(alice, "hers")).isTrue();
    Peer older = peer(network, alice);
    network.join(older);
    network.greeted(older, "hers");

    assertThat(network.takePlace(alice, null)).isFalse();
    assertThat(network.takePlace(alice, "another")).isFalse();
    assertThat(network.takePlace(new Identity("bob", 7), "hers")).isFalse();
    assertThat(network.takePlace(null, "hers")).isFalse();
    assertThat(network.takePlace(alice, "hers")).isTrue();
    assertThat(network.takePlace(alice, "hers")).as("once more").isFalse();

    network.leave(older);
    assertThat(network.takePlace(null, null)).isFalse();
    network.givePlaceBack();
    assertThat(network.takePlace(null, null)).isTrue();
  }

  private static Peer peer(PeerNetwork network, Identity identity) {
    Session session = new Session("peer", "peer", network.bridge(), PortPolicy.LOCAL);
    InetSocketAddress address = new InetSocketAddress("192.0.2.7", 40112);
    return new Peer(session, network, "", identity, address, Wire.V2, null, 0);
  }
}
