package etherws.node;

import static org.assertj.core.api.Assertions.assertThat;

import etherws.bridge.BridgeSettings;
import etherws.bridge.PortPolicy;
import etherws.control.ControlSettings;
import etherws.linux.User;
import etherws.node.NetworkSettings.Attached;
import etherws.node.NodeSettings.Listener;
import etherws.tap.TapSettings;
import etherws.tls.Passphrase;
import etherws.tunnel.Congestion;
import etherws.tunnel.HubSettings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ConfinementTest {
  private final Confinement nobody = new Confinement(new User("nobody", "nobody", 65534, 65534));

  @Test
  void whatIsOpenMayStay() {
    NodeSettings now = settings(List.of(80, 8080), "tap%d", "tap%d");

    assertThat(nobody.obstacle(now, now)).isNull();
    assertThat(nobody.obstacle(now, settings(List.of(), "tap%d"))).isNull();
    assertThat(nobody.obstacle(now, settings(List.of(8080, 80, 1024), "tap%d", "tap%d"))).isNull();
  }

  @Test
  void devicesCanNotBeOpened() {
    NodeSettings now = settings(List.of(), "tap%d");

    assertThat(nobody.obstacle(now, settings(List.of(), "tap%d", "tap%d")))
        .isEqualTo("nobody may not open device tap%d; restart etherws");
    assertThat(nobody.obstacle(now, settings(List.of(), "other0")))
        .isEqualTo("nobody may not open device other0; restart etherws");
  }

  @Test
  void portsBelow1024CanNotBeOpened() {
    assertThat(nobody.obstacle(settings(List.of(80), "t"), settings(List.of(81), "t")))
        .isEqualTo("nobody may not open port 81; restart etherws");
  }

  private static NodeSettings settings(List<Integer> ports, String... taps) {
    List<Listener> listeners =
        ports.stream()
            .map(port -> new HubSettings(List.of(new InetSocketAddress(port)), Set.of()))
            .map(hub -> new Listener(hub, null, Passphrase.NONE))
            .toList();
    List<Attached<TapSettings>> devices =
        Stream.of(taps)
            .map(name -> new Attached<>(new TapSettings(name, 1500, null), PortPolicy.LOCAL))
            .toList();
    NetworkSettings network =
        new NetworkSettings(
            "lab",
            "/lab",
            BridgeSettings.DEFAULTS,
            0,
            PortPolicy.CLIENT,
            devices,
            List.of(),
            List.of(),
            List.of());
    return new NodeSettings(
        new Congestion(null),
        listeners,
        UsersSettings.ANYBODY,
        List.of(network),
        new ControlSettings(Path.of("/run/etherws/lab.sock"), null, null, null));
  }
}
