package etherws.tunnel;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a spoke gets to its hub, and what it says there beside what every spoke says.
 *
 * @param proxies which proxy leads there
 * @param cacerts the CAs by which a proxy with TLS is judged; null for the system's
 * @param headers in the order in which they are sent
 * @param host what the request calls the hub, {@code NAME[:PORT]}; null for what the URI says
 */
public record Route(
    Proxies proxies, @Nullable Path cacerts, List<Header> headers, @Nullable String host) {
  public static final Route DIRECT = new Route(Proxies.NONE, null, List.of(), null);

  /**
   * The host that somebody has given.
   *
   * @throws IllegalArgumentException with one line for the operator
   */
  public static String host(String text) {
    if (nameIn(text) == null) {
      throw new IllegalArgumentException(
          Fault.printable(text) + " is no host: write NAME or NAME:PORT");
    }
    return text;
  }

  /** Whom the hub's certificate has to name. */
  public String nameOf(TunnelUri hub) {
    String name = host == null ? null : nameIn(host);
    return name == null ? hub.host() : name;
  }

  private static @Nullable String nameIn(String host) {
    try {
      URI uri = URI.create("ws://" + host);
      boolean alone = host.equals(uri.getRawAuthority()) && uri.getRawUserInfo() == null;
      return alone ? uri.getHost() : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
