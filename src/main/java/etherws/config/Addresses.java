package etherws.config;

import etherws.frame.MacAddress;
import etherws.tap.TapSettings;
import etherws.tls.Pin;
import etherws.tunnel.Header;
import etherws.tunnel.Proxy;
import etherws.tunnel.Route;
import etherws.tunnel.Subnet;
import etherws.tunnel.TunnelUri;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values that say where something is: addresses of all kinds, and network devices. */
final class Addresses {
  private static final Pattern DOTTED = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final Pattern PORT = Pattern.compile("\\[?(.*?)]?:(\\d{1,5})");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?");
  private static final Pattern PREFIX = Pattern.compile("(.*)/(\\d{1,3})");
  private static final String UNIX = "unix:";
  private static final String TCP = "tcp:";

  static final Type<InetAddress> IP =
      Type.ofText(
          "an IPv4 or IPv6 address such as \"192.0.2.1\" or \"::\"",
          Addresses::ip,
          InetAddress::getHostAddress);

  /** An address and how many bits of it are the network's, for ip(8). */
  static final Type<String> IP_PREFIX =
      Type.ofText(
          "an address with its prefix length such as \"192.0.2.1/24\"",
          Addresses::prefix,
          text -> text);

  static final Type<Subnet> SUBNET =
      Type.ofText(
          "an address or a subnet such as \"192.0.2.1\" or \"10.0.0.0/8\"",
          Addresses::subnet,
          Subnet::toString);

  static final Type<InetSocketAddress> IP_PORT =
      Type.ofText(
          "an address and a port such as \"127.0.0.1:9472\" or \"[::1]:9472\"",
          text -> ipPort(text, true),
          Addresses::written);

  /** Where a stream listens. */
  static final Type<SocketAddress> LISTEN = stream(true);

  /** Where a stream connects; a host's name is resolved then. */
  static final Type<SocketAddress> CONNECT = stream(false);

  /** A unicast MAC address. */
  static final Type<Long> MAC =
      Type.ofText(
          "a unicast MAC address such as \"02:00:5e:10:00:01\"",
          Addresses::mac,
          MacAddress::format);

  static final Type<TunnelUri> URI_OF_HUB =
      Type.ofText("ws://HOST[:PORT]/PATH or wss://...", Addresses::uri, Addresses::written);

  /** One, written without brackets, or several in their order. */
  static final Type<List<TunnelUri>> URIS_OF_HUBS =
      new Type<>(
          Type.list(URI_OF_HUB).words(),
          Type.list(URI_OF_HUB).reader(),
          uris ->
              uris.size() == 1
                  ? URI_OF_HUB.write(uris.getFirst())
                  : Type.list(URI_OF_HUB).write(uris));

  static final String BY_ENVIRONMENT = "environment";
  static final String NO_PROXY = "none";

  /** As it is written: without a password, which belongs into a file. */
  static final Type<String> PROXY =
      Type.ofText(
          "http://, https://, socks5:// or socks5h://[USER@]HOST[:PORT], \"none\" or \"environment\"",
          Addresses::proxy,
          text -> text);

  static final Type<String> HOST_OF_HUB =
      Type.ofText("NAME or NAME:PORT", text -> parsed(text, Route::host), text -> text);

  static final Type<Header> HEADER =
      Type.ofText(
          "a header such as \"X-Site: north\"",
          text -> parsed(text, Header::parse),
          header -> header.name() + ": " + header.value());

  static final Type<Pin> PIN =
      Type.ofText(
          "sha256:BASE64, the SHA-256 of the key's SubjectPublicKeyInfo",
          text -> parsed(text, Pin::parse),
          Pin::toString);

  static final Type<String> ORIGIN =
      Type.ofText("an origin such as \"https://vm.example\"", Addresses::origin, text -> text);

  /** The name of a TAP device, or a pattern. */
  static final Type<String> TAP_DEVICE =
      Type.ofText(
          "the name of a device of at most 15 characters, or a pattern such as \"ethws%d\"",
          text -> accepted(text, () -> new TapSettings(text, 1500, null)), text -> text);

  /** The name of a device that exists. */
  static final Type<String> DEVICE =
      Type.ofText(
          "the name of a device, of at most 15 characters",
          text -> accepted(text, () -> new TapSettings("x", 1500, text)),
          text -> text);

  private Addresses() {}

  /** No name: nothing is looked up. */
  private static InetAddress ip(String text) throws WrongValue {
    if (text.contains(":") || DOTTED.matcher(text).matches()) {
      try {
        return InetAddress.ofLiteral(text);
      } catch (IllegalArgumentException e) {
        // Below.
      }
    }
    throw new WrongValue(Type.quote(text) + " is no IP address");
  }

  private static String prefix(String text) throws WrongValue {
    Matcher parts = PREFIX.matcher(text);
    if (!parts.matches()) {
      throw new WrongValue(Type.quote(text) + " has no prefix length");
    }
    int bits = 8 * ip(parts.group(1)).getAddress().length;
    if (Integer.parseInt(parts.group(2)) > bits) {
      throw new WrongValue("/" + parts.group(2) + " is longer than the address");
    }
    return text;
  }

  private static Subnet subnet(String text) throws WrongValue {
    try {
      return Subnet.parse(text);
    } catch (IllegalArgumentException e) {
      throw new WrongValue(String.valueOf(e.getMessage()));
    }
  }

  private static InetSocketAddress ipPort(String text, boolean literal) throws WrongValue {
    Matcher parts = PORT.matcher(text);
    if (!parts.matches()) {
      throw new WrongValue(Type.quote(text) + " has no port");
    }
    int port = Integer.parseInt(parts.group(2));
    if (port < 1 || port > 0xffff) {
      throw new WrongValue(port + " is no port");
    }
    String host = parts.group(1);
    boolean name = !DOTTED.matcher(host).matches() && HOST.matcher(host).matches();
    return name && !literal
        ? InetSocketAddress.createUnresolved(host, port)
        : new InetSocketAddress(ip(host), port);
  }

  private static String written(InetSocketAddress address) {
    String host =
        address.isUnresolved() ? address.getHostString() : address.getAddress().getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }

  private static Type<SocketAddress> stream(boolean literal) {
    return new Type<>(
        "\"unix:PATH\" or \"tcp:HOST:PORT\"",
        (value, folder) -> stream(Type.text(value), folder, literal),
        address ->
            Type.quote(
                switch (address) {
                  case UnixDomainSocketAddress unix -> UNIX + unix.getPath();
                  case InetSocketAddress tcp -> TCP + written(tcp);
                  default -> throw new IllegalArgumentException(address.toString());
                }));
  }

  private static SocketAddress stream(String text, Path folder, boolean literal) throws WrongValue {
    if (text.startsWith(TCP)) {
      return ipPort(text.substring(TCP.length()), literal);
    }
    if (text.startsWith(UNIX) && text.length() > UNIX.length()) {
      return UnixDomainSocketAddress.of(Paths.socket(text.substring(UNIX.length()), folder));
    }
    throw new WrongValue(Type.quote(text) + " is neither unix: nor tcp:");
  }

  private static long mac(String text) throws WrongValue {
    long mac;
    try {
      mac = MacAddress.parse(text);
    } catch (IllegalArgumentException e) {
      throw new WrongValue(Type.quote(text) + " is no MAC address");
    }
    if (mac == 0 || MacAddress.isGroup(mac)) {
      throw new WrongValue(text + " is no address of one host");
    }
    return mac;
  }

  private static TunnelUri uri(String text) throws WrongValue {
    return parsed(text, TunnelUri::parse);
  }

  private static String proxy(String text) throws WrongValue {
    if (!text.equals(BY_ENVIRONMENT) && !text.equals(NO_PROXY)) {
      Proxy proxy = parsed(text, Proxy::parse);
      if (proxy.password() != null) {
        throw new WrongValue("has a password in it, which belongs into proxy-password-file");
      }
    }
    return text;
  }

  /** What another package makes of it, without its hint, as the type has its own. */
  private static <T> T parsed(String text, Function<String, T> parser) throws WrongValue {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      throw new WrongValue(
          String.valueOf(e.getMessage()).replaceFirst("(; |: (write|give|leave) ).*", ""));
    }
  }

  /** With the user, without the password. */
  private static String written(TunnelUri uri) {
    String user = uri.user();
    String text = uri.toString();
    return user == null
        ? text
        : text.replaceFirst(
            "//",
            Matcher.quoteReplacement(
                "//" + URLEncoder.encode(user, StandardCharsets.UTF_8).replace("+", "%20") + "@"));
  }

  private static String origin(String text) throws WrongValue {
    try {
      URI uri = URI.create(text);
      if (uri.getScheme() != null
          && uri.getHost() != null
          && uri.getRawUserInfo() == null
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null
          && uri.getRawPath().isEmpty()) {
        return text;
      }
    } catch (IllegalArgumentException e) {
      // Below.
    }
    throw new WrongValue(Type.quote(text) + " is no origin");
  }

  /** What the settings themselves say of a name. */
  private static String accepted(String text, Runnable settings) throws WrongValue {
    try {
      settings.run();
      return text;
    } catch (IllegalArgumentException e) {
      throw new WrongValue(String.valueOf(e.getMessage()));
    }
  }
}
