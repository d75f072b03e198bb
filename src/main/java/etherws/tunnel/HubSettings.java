package etherws.tunnel;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;

/**
 * How a hub listens.
 *
 * @param addresses where; an unspecified address means all of v4 and v6
 * @param allowedOrigins web pages that may connect beside those of the hub's own origin
 * @param proxies in front of it
 */
public record HubSettings(
    List<InetSocketAddress> addresses, Set<String> allowedOrigins, TrustedProxies proxies) {
  /** Without proxies. */
  public HubSettings(List<InetSocketAddress> addresses, Set<String> allowedOrigins) {
    this(addresses, allowedOrigins, TrustedProxies.NONE);
  }
}
