package etherws.cli;

import etherws.bridge.BridgeSettings;
import etherws.bridge.PortPolicy;
import etherws.control.ControlSettings;
import etherws.node.NetworkSettings;
import etherws.node.NetworkSettings.Attached;
import etherws.node.NetworkSettings.Uplink;
import etherws.tap.TapSettings;
import etherws.tunnel.Congestion;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A node that needs no file: the options that server and client share, for its one network. */
abstract class TunnelCommand extends NodeCommand {
  @Option(
      names = "--mtu",
      paramLabel = "N",
      defaultValue = "1500",
      description = "MTU of the TAP devices (default: ${DEFAULT-VALUE})")
  private int mtu;

  @Option(
      names = "--bridge",
      paramLabel = "BR",
      description = "attach the TAP devices to this Linux bridge")
  private @Nullable String bridge;

  @Option(
      names = "--congestion",
      paramLabel = "NAME",
      description =
          "TCP congestion control under the tunnels: bbr, cubic, ... (default: bbr if there is)")
  private @Nullable String congestion;

  private List<Attached<TapSettings>> taps() {
    try {
      return program().devices().stream()
          .map(name -> new TapSettings(name, mtu, bridge))
          .map(tap -> new Attached<>(tap, PortPolicy.LOCAL))
          .toList();
    } catch (IllegalArgumentException e) {
      throw usage(String.valueOf(e.getMessage()));
    }
  }

  /** The one network of a node that has no file. */
  final NetworkSettings network(String path, List<Attached<Uplink>> uplinks) {
    return new NetworkSettings(
        NetworkSettings.DEFAULT_NAME,
        path,
        BridgeSettings.DEFAULTS,
        0,
        PortPolicy.CLIENT,
        taps(),
        uplinks,
        List.of(),
        List.of());
  }

  final ControlSettings control() {
    return new ControlSettings(controlSocket(), null, null, null);
  }

  final Congestion congestion() {
    try {
      return Congestion.choose(congestion);
    } catch (IllegalArgumentException e) {
      throw usage(String.valueOf(e.getMessage()));
    }
  }
}
