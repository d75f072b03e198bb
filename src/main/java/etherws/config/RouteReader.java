package etherws.config;

import etherws.tunnel.Header;
import etherws.tunnel.Proxies;
import etherws.tunnel.Proxy;
import etherws.tunnel.Route;
import etherws.tunnel.TunnelUri;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code [[network.NAME.uplink]]} says of the way to the hub. */
final class RouteReader {
  private RouteReader() {}

  static Route read(Table table, List<TunnelUri> uris, @Nullable Path cacerts) {
    return new Route(proxies(table, uris), cacerts, headers(table), table.find(UplinkKeys.HOST));
  }

  private static Proxies proxies(Table table, List<TunnelUri> uris) {
    String said = table.get(UplinkKeys.PROXY);
    Path file = table.find(UplinkKeys.PROXY_PASSWORD_FILE);
    try {
      Proxies proxies =
          switch (said) {
            case Addresses.NO_PROXY -> Proxies.NONE;
            case Addresses.BY_ENVIRONMENT -> Proxies.of(table.environment());
            default -> Proxies.always(Proxy.parse(said));
          };
      return withPassword(proxies, table, uris, file);
    } catch (IllegalArgumentException e) {
      table.report(UplinkKeys.PROXY, String.valueOf(e.getMessage()), "give proxy, or \"none\"");
      return Proxies.NONE;
    }
  }

  private static Proxies withPassword(
      Proxies proxies, Table table, List<TunnelUri> uris, @Nullable Path file) {
    boolean hasUse = proxies.all().stream().anyMatch(Proxy::lacksPassword);
    boolean lacking =
        uris.stream()
            .map(proxies::toward)
            .anyMatch(proxy -> proxy != null && proxy.lacksPassword());
    if (lacking && !table.has(UplinkKeys.PROXY_PASSWORD_FILE)) {
      table.report(UplinkKeys.PROXY, "has a user and no password", "give proxy-password-file too");
    } else if (!hasUse && table.has(UplinkKeys.PROXY_PASSWORD_FILE)) {
      table.report(
          UplinkKeys.PROXY_PASSWORD_FILE,
          "is the password of nobody",
          "name the user, as in http://USER@HOST:PORT");
    }
    String password =
        file == null ? null : SecretFile.read(table, UplinkKeys.PROXY_PASSWORD_FILE, file);
    return password == null ? proxies : proxies.withPassword(password);
  }

  private static List<Header> headers(Table table) {
    List<Header> headers = new ArrayList<>(table.get(UplinkKeys.HEADER));
    for (int i = 0; i < headers.size(); i++) {
      if (headers.get(i).isSecret()) {
        table.report(
            UplinkKeys.HEADER,
            i,
            headers.get(i).name() + " is a secret",
            "write it into header-file");
      }
    }
    Path file = table.find(UplinkKeys.HEADER_FILE);
    if (file != null) {
      headers.addAll(linesOf(table, file));
    }
    return List.copyOf(headers);
  }

  private static List<Header> linesOf(Table table, Path file) {
    try {
      return table.inputs().lines(table, UplinkKeys.HEADER_FILE, file).stream()
          .filter(line -> !line.isBlank())
          .map(Header::parse)
          .toList();
    } catch (IOException e) {
      table.report(UplinkKeys.HEADER_FILE, String.valueOf(e.getMessage()), "check the file");
    } catch (IllegalArgumentException e) {
      table.report(UplinkKeys.HEADER_FILE, String.valueOf(e.getMessage()), "correct " + file);
    }
    return List.of();
  }
}
