package etherws.tunnel;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Where a spoke dials: {@code ws://[user[:password]@]host[:port][/path][?query]}, or {@code wss}.
 *
 * @param tls {@code wss}
 * @param host a name or an address literal; IPv6 without its brackets
 * @param port 80 or 443 unless given
 * @param target path and query as they go into the request line
 */
public record TunnelUri(
    boolean tls,
    String host,
    int port,
    String target,
    @Nullable String user,
    @Nullable String password) {

  /**
   * Takes a URI apart.
   *
   * @throws IllegalArgumentException with one line for the operator
   */
  public static TunnelUri parse(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          "not a URI: " + withoutPassword(text) + " (" + e.getReason() + ")", e);
    }
    boolean tls = tls(uri, text);
    String host = uri.getHost();
    if (host == null) {
      throw new IllegalArgumentException(
          withoutPassword(text) + " names no host; write ws://HOST[:PORT]/ or wss://HOST[:PORT]/");
    }
    if (uri.getPort() == 0 || uri.getPort() > 0xffff) {
      throw new IllegalArgumentException("port " + uri.getPort() + " is not between 1 and 65535");
    }
    String path = uri.getRawPath();
    String target = path == null || path.isEmpty() ? "/" : path;
    if (uri.getRawQuery() != null) {
      target += "?" + uri.getRawQuery();
    }
    String bareHost = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    int port = uri.getPort() > 0 ? uri.getPort() : tls ? 443 : 80;
    String info = uri.getRawUserInfo();
    if (info == null) {
      return new TunnelUri(tls, bareHost, port, target, null, null);
    }
    int colon = info.indexOf(':');
    return new TunnelUri(
        tls,
        bareHost,
        port,
        target,
        decode(colon < 0 ? info : info.substring(0, colon)),
        colon < 0 ? null : decode(info.substring(colon + 1)));
  }

  /** The {@code Host} header: brackets around IPv6, no port when it is the scheme's own. */
  String hostHeader() {
    String literal = host.contains(":") ? "[" + host + "]" : host;
    return port == (tls ? 443 : 80) ? literal : literal + ":" + port;
  }

  /** For logs and labels: never the password. */
  @Override
  public String toString() {
    return (tls ? "wss://" : "ws://") + hostHeader() + target;
  }

  private static boolean tls(URI uri, String text) {
    String scheme = String.valueOf(uri.getScheme());
    if (scheme.equalsIgnoreCase("wss")) {
      return true;
    }
    if (scheme.equalsIgnoreCase("ws")) {
      return false;
    }
    throw new IllegalArgumentException(
        withoutPassword(text) + " is neither ws:// nor wss://; write ws://HOST/ or wss://HOST/");
  }

  static String withoutPassword(String text) {
    return text.replaceFirst("//.*@", "//***@");
  }

  static String decode(String part) {
    return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
