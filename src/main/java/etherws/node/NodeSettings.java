package etherws.node;

import etherws.bridge.BridgeSettings;
import etherws.tap.TapSettings;
import etherws.tls.ClientTlsSettings;
import etherws.tls.Passphrase;
import etherws.tls.ServerTlsSettings;
import etherws.tunnel.Congestion;
import etherws.tunnel.HubSettings;
import etherws.tunnel.SpokeSettings;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one process is made of: a bridge with TAP ports, perhaps a listening hub, and dialling
 * spokes.
 *
 * @param hub null listens nowhere
 * @param congestion of the TCP connections under all tunnels
 */
public record NodeSettings(
    BridgeSettings bridge,
    List<TapSettings> taps,
    @Nullable Listener hub,
    List<Dialler> spokes,
    Congestion congestion) {

  /**
   * A hub, and who may join it.
   *
   * @param tls null for ws
   * @param passphrase asked for an encrypted key
   * @param htpasswd null lets everybody in
   */
  public record Listener(
      HubSettings settings,
      @Nullable ServerTlsSettings tls,
      Passphrase passphrase,
      @Nullable Path htpasswd) {}

  /**
   * A spoke, and whom it trusts.
   *
   * @param tls null for ws
   */
  public record Dialler(SpokeSettings settings, @Nullable ClientTlsSettings tls) {}
}
