package etherws.tunnel;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A forward proxy: {@code http://[user[:password]@]host[:port]}, or {@code https}, {@code socks5},
 * {@code socks5h}.
 *
 * @param host a name or an address literal; IPv6 without its brackets
 * @param password null with a user: somebody has still to be asked for it
 */
public record Proxy(
    Kind kind, String host, int port, @Nullable String user, @Nullable String password) {
  private static final int LONGEST_OF_SOCKS = 255;

  /** What is spoken with it; ports are curl's. */
  public enum Kind {
    /** CONNECT. */
    HTTP(1080),
    /** CONNECT, within TLS. */
    HTTPS(443),
    /** SOCKS 5; we look the hub's name up. */
    SOCKS5(1080),
    /** SOCKS 5; the proxy looks the hub's name up. */
    SOCKS5H(1080);

    private final int port;

    Kind(int port) {
      this.port = port;
    }

    String scheme() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Nothing that its protocol has no place for.
   *
   * @throws IllegalArgumentException with one line for the operator
   */
  public Proxy {
    boolean socks = kind == Kind.SOCKS5 || kind == Kind.SOCKS5H;
    if (socks && (isTooLong(user) || isTooLong(password))) {
      throw new IllegalArgumentException(
          "SOCKS has no place for a user or password of more than 255 octets");
    }
  }

  /**
   * Takes a URL apart; without a scheme it is http.
   *
   * @throws IllegalArgumentException with one line for the operator
   */
  public static Proxy parse(String text) {
    String url = text.contains("://") ? text : "http://" + text;
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) { // whose message has the password
      throw new IllegalArgumentException(
          "not a URL: %s (%s); odd characters are written as %%XX"
              .formatted(TunnelUri.withoutPassword(url), e.getReason()));
    }
    String host = uri.getHost();
    if (host == null || uri.getPort() == 0 || uri.getPort() > 0xffff) {
      throw new IllegalArgumentException(
          TunnelUri.withoutPassword(url) + " names no host or no port; write http://HOST:PORT");
    }
    Kind kind = kind(uri.getScheme(), url);
    String bareHost = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    int port = uri.getPort() > 0 ? uri.getPort() : kind.port;
    String info = uri.getRawUserInfo();
    if (info == null || info.isEmpty()) {
      return new Proxy(kind, bareHost, port, null, null);
    }
    int colon = info.indexOf(':');
    String user = TunnelUri.decode(colon < 0 ? info : info.substring(0, colon));
    String password = colon < 0 ? null : TunnelUri.decode(info.substring(colon + 1));
    return new Proxy(kind, bareHost, port, user, password);
  }

  private static Kind kind(String scheme, String url) {
    for (Kind kind : Kind.values()) {
      if (kind.scheme().equalsIgnoreCase(scheme)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        TunnelUri.withoutPassword(url)
            + " is no proxy that we know: write http://, https://, socks5:// or socks5h://");
  }

  /** Whether it is for us to look the hub's name up. */
  boolean wantsAddresses() {
    return kind == Kind.SOCKS5;
  }

  /** Whether the user has a password that nobody has told yet. */
  public boolean lacksPassword() {
    return user != null && password == null;
  }

  public Proxy withPassword(String password) {
    return new Proxy(kind, host, port, user, password);
  }

  /** For messages and logs: never the user or the password. */
  @Override
  public String toString() {
    return url("");
  }

  /** How it is written with a user, for whoever has to. */
  String withUser() {
    return url("USER@");
  }

  private String url(String user) {
    String literal = host.contains(":") ? "[" + host + "]" : host;
    return kind.scheme() + "://" + user + literal + ":" + port;
  }

  private static boolean isTooLong(@Nullable String text) {
    return text != null && text.getBytes(UTF_8).length > LONGEST_OF_SOCKS;
  }
}
