package etherws.tunnel;

import etherws.tls.ClientTls;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where a connection goes, and what a proxy there is asked for.
 *
 * @param address the hub's, or the proxy's
 * @param proxy null when it is the hub
 * @param proxyTls null when it is the hub, or a proxy without TLS
 * @param hub as the proxy is asked for it: a name, or an address
 */
record Hop(
    InetSocketAddress address,
    @Nullable Proxy proxy,
    @Nullable ClientTls proxyTls,
    InetSocketAddress hub) {
  static Hop direct(InetSocketAddress hub) {
    return new Hop(hub, null, null, hub);
  }

  /** For messages. */
  String who() {
    return proxy == null ? "the server" : "the proxy " + proxy;
  }
}
