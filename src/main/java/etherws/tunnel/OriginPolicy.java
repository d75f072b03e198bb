package etherws.tunnel;

import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which web pages may connect. A browser names the page's origin and sends the credentials it has
 * stored, so a foreign page must be refused (cross-site WebSocket hijacking).
 *
 * <p>No origin (command-line clients) or a bare host (etherws up to 1.x) is no browser and passes.
 * {@code null}, which sandboxed pages send, is refused.
 *
 * @param allowed origins beside the server's own, such as {@code https://v86.example}
 */
record OriginPolicy(Set<String> allowed) {
  boolean allows(@Nullable String origin, @Nullable String host) {
    if (origin == null) {
      return true;
    }
    if (!origin.contains("://")) {
      return !origin.equalsIgnoreCase("null");
    }
    String wanted = normal(origin);
    if (allowed.stream().anyMatch(a -> normal(a).equals(wanted))) {
      return true;
    }
    int authority = origin.indexOf("://") + 3;
    return host != null && normal(origin.substring(0, authority) + host).equals(wanted);
  }

  /** Lower case, without the scheme's own port. Text that is no origin stays different from all. */
  private static String normal(String origin) {
    try {
      URI uri = URI.create(origin.toLowerCase(Locale.ROOT));
      if (uri.getHost() == null) {
        return "invalid " + origin;
      }
      int own = "https".equals(uri.getScheme()) || "wss".equals(uri.getScheme()) ? 443 : 80;
      int port = uri.getPort() < 0 ? own : uri.getPort();
      return uri.getScheme() + "://" + uri.getHost() + ":" + port;
    } catch (IllegalArgumentException e) {
      return "invalid " + origin;
    }
  }
}
