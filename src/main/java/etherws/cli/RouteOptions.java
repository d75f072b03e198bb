package etherws.cli;

import etherws.tunnel.Header;
import etherws.tunnel.Proxies;
import etherws.tunnel.Proxy;
import etherws.tunnel.Route;
import etherws.tunnel.TunnelUri;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a client gets to its server, where the straight way doesn't lead there. */
final class RouteOptions {
  private static final String NONE = "none";

  @Option(
      names = "--proxy",
      paramLabel = "URL",
      description = {
        "http://[USER[:PASSWORD]@]HOST[:PORT], https://, socks5://, socks5h:// or none",
        "(default: by https_proxy, http_proxy, all_proxy and no_proxy)"
      })
  private @Nullable String proxy;

  @Option(
      names = "--proxy-passwd-file",
      paramLabel = "FILE",
      description = "read the password of the proxy's user from the first line of FILE")
  private @Nullable Path passwordFile;

  @Option(
      names = "--header",
      paramLabel = "'NAME: VALUE'",
      description = "send this header too; give it again for more")
  private List<String> headers = List.of();

  @Option(
      names = "--header-file",
      paramLabel = "FILE",
      description = "send the headers in FILE too, one on each line: for those that are secret")
  private @Nullable Path headerFile;

  @Option(
      names = "--host",
      paramLabel = "NAME[:PORT]",
      description =
          "dial the URI's host, but call it NAME: as Host, in TLS, and to judge its certificate")
  private @Nullable String host;

  /**
   * The way to these.
   *
   * @throws IllegalArgumentException with one line for the operator
   */
  Route to(List<TunnelUri> uris, @Nullable Path cacerts) throws SecretException {
    List<Header> seen = headers.stream().map(Header::parse).toList();
    if (seen.stream().anyMatch(Header::isSecret)) {
      throw new IllegalArgumentException("everybody can read --header in ps; give --header-file");
    }
    List<Header> given =
        Stream.concat(seen.stream(), linesOf(headerFile).map(Header::parse)).toList();
    return new Route(proxies(uris), cacerts, given, host == null ? null : Route.host(host));
  }

  private Proxies proxies(List<TunnelUri> uris) throws SecretException {
    Proxies proxies =
        proxy == null
            ? Proxies.of(System.getenv())
            : proxy.equals(NONE) ? Proxies.NONE : Proxies.always(Proxy.parse(proxy));
    boolean asked = uris.stream().map(proxies::toward).anyMatch(RouteOptions::lacksPassword);
    return asked
        ? proxies.withPassword(
            new Secret("Password for the proxy: ", "--proxy-passwd-file", passwordFile).read())
        : proxies;
  }

  private static boolean lacksPassword(@Nullable Proxy proxy) {
    return proxy != null && proxy.lacksPassword();
  }

  private static Stream<String> linesOf(@Nullable Path file) throws SecretException {
    try {
      return file == null
          ? Stream.empty()
          : Files.readAllLines(file).stream().filter(line -> !line.isBlank());
    } catch (IOException e) {
      throw new SecretException("cannot read " + file + ": " + ExitStatus.reason(e));
    }
  }
}
