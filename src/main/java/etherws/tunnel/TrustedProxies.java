package etherws.tunnel;

import java.net.InetAddress;
import java.util.Set;

/**
 * The reverse proxies before a hub whose word about their clients' addresses is believed.
 *
 * @param subnets where they are
 * @param proxyProtocol they say it in a PROXY header at the beginning of every connection, and
 *     must; else in {@code X-Forwarded-For}, if at all
 */
public record TrustedProxies(Set<Subnet> subnets, boolean proxyProtocol) {
  public static final TrustedProxies NONE = new TrustedProxies(Set.of(), false);

  boolean include(InetAddress address) {
    return subnets.stream().anyMatch(subnet -> subnet.contains(address));
  }
}
