package etherws.node;

import etherws.control.ControlSettings;
import etherws.tls.Passphrase;
import etherws.tls.ServerTlsSettings;
import etherws.tunnel.Congestion;
import etherws.tunnel.HubSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one process is made of. Made by {@code config} from a file, or by {@code server} and {@code
 * client} from options.
 *
 * @param congestion of the TCP connections under all tunnels
 * @param listeners where peers dial in; each leads to all networks
 * @param networks each with a name and a path of its own
 */
public record NodeSettings(
    Congestion congestion,
    List<Listener> listeners,
    UsersSettings users,
    List<NetworkSettings> networks,
    ControlSettings control) {

  /**
   * A hub's addresses and what it shows there.
   *
   * @param tls null for ws
   * @param passphrase asked for an encrypted key
   */
  public record Listener(
      HubSettings settings, @Nullable ServerTlsSettings tls, Passphrase passphrase) {}
}
