package etherws.tunnel;

import etherws.tls.ClientTls;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A hub that a spoke may dial.
 *
 * @param tls null for ws
 * @param proxyTls for each proxy of the route that wants TLS
 */
public record Target(
    SpokeSettings settings, @Nullable ClientTls tls, Map<Proxy, ClientTls> proxyTls) {
  @Override
  public String toString() {
    return settings.uri().toString();
  }
}
