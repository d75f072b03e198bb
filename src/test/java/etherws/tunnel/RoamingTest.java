package etherws.tunnel;

import static etherws.testing.PrivateNetwork.run;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.testing.PrivateNetwork;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PrivateNetwork.class)
class RoamingTest {
  private final Semaphore changes = new Semaphore(0);

  @Test
  void hearsOfAddressesAndRoutesWithoutAnyPrivilege() throws Exception {
    run("ip", "link", "add", "d0", "type", "veth", "peer", "name", "d1");
    run("ip", "link", "set", "d0", "up");
    run("ip", "link", "set", "d1", "up");
    Transport transport = new Transport(1, Congestion.choose(null));
    Thread powerless =
        Thread.ofPlatform()
            .start(() -> {
              PrivateNetwork.dropCapabilities();
              transport.loopList().getFirst().execute(() -> {});
            });
    powerless.join();
    Roaming roaming =
        Roaming.watch(transport.loopList().getFirst(), changes::release, System::nanoTime);
    assertThat(roaming).isNotNull();
    try {
      transport.loopList().getFirst().submit(() -> {}).get();

      run("ip", "addr", "add", "192.0.2.1/24", "dev", "d0");
      changed();
      run("ip", "route", "add", "198.51.100.0/24", "via", "192.0.2.9");
      changed();
      run("ip", "route", "del", "198.51.100.0/24");
      changed();
      run("ip", "addr", "del", "192.0.2.1/24", "dev", "d0");
      changed();
    } finally {
      requireNonNull(roaming).close();
      transport.loops().shutdownGracefully();
    }
  }

  /** A burst is told once or twice; what comes later is news again. */
  private void changed() throws Exception {
    assertThat(changes.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
    changes.drainPermits();
  }
}
