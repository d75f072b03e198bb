package etherws.tunnel;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which proxy leads to which hub.
 *
 * @param plain to ws; null is none
 * @param tls to wss; null is none
 * @param direct the hosts that neither leads to
 */
public record Proxies(@Nullable Proxy plain, @Nullable Proxy tls, NoProxy direct) {
  public static final Proxies NONE = new Proxies(null, null, NoProxy.NOBODY);

  /** One for every hub. */
  public static Proxies always(Proxy proxy) {
    return new Proxies(proxy, proxy, NoProxy.NOBODY);
  }

  /**
   * As curl reads its environment: {@code https_proxy} for wss, {@code http_proxy} for ws, else
   * {@code all_proxy}, but for the hosts in {@code no_proxy}. Names in capitals count too, except
   * {@code HTTP_PROXY}, which a web server sets for CGI programs from a header called Proxy.
   *
   * @throws IllegalArgumentException with one line for the operator
   */
  public static Proxies of(Map<String, String> environment) {
    Proxy plain = first(environment, "http_proxy", "all_proxy", "ALL_PROXY");
    Proxy tls = first(environment, "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY");
    if (plain == null && tls == null) {
      return NONE;
    }
    String direct = environment.getOrDefault("no_proxy", environment.getOrDefault("NO_PROXY", ""));
    return new Proxies(plain, tls, NoProxy.parse(direct));
  }

  private static @Nullable Proxy first(Map<String, String> environment, String... names) {
    for (String name : names) {
      String url = environment.getOrDefault(name, "");
      if (!url.isEmpty()) {
        try {
          return Proxy.parse(url);
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException(name + " in the environment: " + e.getMessage(), e);
        }
      }
    }
    return null;
  }

  /** The proxy for a hub, or null to dial it directly. */
  public @Nullable Proxy toward(TunnelUri hub) {
    Proxy proxy = hub.tls() ? tls : plain;
    return proxy == null || direct.covers(hub.host()) ? null : proxy;
  }

  /** Each once. */
  public List<Proxy> all() {
    return Stream.of(plain, tls).flatMap(Stream::ofNullable).distinct().toList();
  }

  /** The same, with this password for whom nobody has told one. */
  public Proxies withPassword(String password) {
    return new Proxies(withPassword(plain, password), withPassword(tls, password), direct);
  }

  private static @Nullable Proxy withPassword(@Nullable Proxy proxy, String password) {
    return proxy != null && proxy.lacksPassword() ? proxy.withPassword(password) : proxy;
  }
}
