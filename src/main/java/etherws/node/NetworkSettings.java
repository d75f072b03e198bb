package etherws.node;

import etherws.bridge.BridgeSettings;
import etherws.bridge.PortPolicy;
import etherws.netdev.NetdevSettings;
import etherws.stream.StreamSettings;
import etherws.tap.TapSettings;
import etherws.tls.ClientTlsSettings;
import etherws.tunnel.SpokeSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One broadcast domain: a bridge and its ports.
 *
 * @param name what people call it; letters, digits, dot, dash, underscore
 * @param path what peers dial, starting with a slash; compared without a trailing one
 * @param maxClients the most peers at once; 0 is no limit
 * @param clients the policy of a peer that has none of its own
 */
public record NetworkSettings(
    String name,
    String path,
    BridgeSettings bridge,
    int maxClients,
    PortPolicy clients,
    List<Attached<TapSettings>> taps,
    List<Attached<Uplink>> uplinks,
    List<Attached<NetdevSettings>> netdevs,
    List<Attached<StreamSettings>> streams) {

  /** The one network of {@code etherws server} and {@code etherws client}. */
  public static final String DEFAULT_NAME = "default";

  /** Something that becomes a port, and what the port may do. */
  public record Attached<T>(T settings, PortPolicy policy) {}

  /**
   * A spoke, and whom it trusts.
   *
   * @param tls null for ws
   * @param others hubs that will do as well while this one doesn't answer, in their order
   */
  public record Uplink(
      SpokeSettings settings, @Nullable ClientTlsSettings tls, List<Uplink> others) {
    public Uplink {
      others = List.copyOf(others);
    }

    /** The only hub. */
    public Uplink(SpokeSettings settings, @Nullable ClientTlsSettings tls) {
      this(settings, tls, List.of());
    }

    /** The first hub of several. */
    public static Uplink of(List<Uplink> hubs) {
      Uplink first = hubs.getFirst();
      return new Uplink(first.settings, first.tls, hubs.subList(1, hubs.size()));
    }
  }
}
