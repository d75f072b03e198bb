package etherws.config;

import etherws.node.NetworkSettings.Uplink;
import etherws.tls.ClientTlsSettings;
import etherws.tls.Pin;
import etherws.tunnel.Header;
import etherws.tunnel.Proxy;
import etherws.tunnel.Route;
import etherws.tunnel.SpokeSettings;
import etherws.tunnel.TunnelUri;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code [[network.NAME.uplink]]}. */
final class UplinkReader {
  private UplinkReader() {}

  static @Nullable Uplink read(Table table) {
    List<TunnelUri> uris = table.require(UplinkKeys.URI);
    String user = table.find(UplinkKeys.USER_NAME);
    Path passwordFile = table.find(UplinkKeys.PASSWORD_FILE);
    Path caCerts = table.find(UplinkKeys.CACERTS);
    Path certFile = table.find(UplinkKeys.OWN_CERTFILE);
    Path keyFile = table.find(UplinkKeys.OWN_KEYFILE);
    boolean insecure = table.get(UplinkKeys.INSECURE);
    boolean retry = table.get(UplinkKeys.RETRY);
    boolean plainWire = table.get(UplinkKeys.PLAIN_WIRE);
    Set<Pin> pins = Set.copyOf(table.get(UplinkKeys.PIN));
    Route route = RouteReader.read(table, uris == null ? List.of() : uris, caCerts);
    if (insecure && pins.isEmpty()) {
      table.warn(
          UplinkKeys.INSECURE,
          "the hub's certificate is not verified, anybody can be in between",
          "give cacerts instead, or pin");
    }
    if (uris == null || uris.isEmpty()) {
      if (uris != null) {
        table.report(UplinkKeys.URI, "is empty", "give one URI at least");
      }
      return null;
    }
    if (uris.stream().anyMatch(uri -> uri.password() != null)) {
      table.report(UplinkKeys.URI, "has a password in it", "give password-file instead");
    }
    boolean proxyTls = route.proxies().all().stream().anyMatch(p -> p.kind() == Proxy.Kind.HTTPS);
    boolean uselessCas = caCerts != null && !proxyTls;
    if (uris.stream().noneMatch(TunnelUri::tls) && (uselessCas || insecure || !pins.isEmpty())) {
      Key<?> key =
          insecure ? UplinkKeys.INSECURE : pins.isEmpty() ? UplinkKeys.CACERTS : UplinkKeys.PIN;
      table.report(key, "says nothing about ws://", "dial wss://, or leave it away");
    }
    if ((certFile == null) != (keyFile == null)) {
      Key<?> key = certFile == null ? UplinkKeys.OWN_KEYFILE : UplinkKeys.OWN_CERTFILE;
      table.report(key, "is half of a pair", "give certfile and keyfile");
    }
    TunnelUri first = uris.getFirst();
    if (user == null && uris.stream().map(TunnelUri::user).distinct().count() > 1) {
      table.report(UplinkKeys.URI, "names several users", "give user instead, the same for all");
    }
    String name = user == null ? first.user() : user;
    if (name != null && route.headers().stream().anyMatch(Header::isAuthorization)) {
      table.report(
          UplinkKeys.HEADER_FILE, "has an Authorization beside a user", "give one of them");
    }
    String password = first.password() == null ? password(table, name, passwordFile) : null;
    List<Uplink> hubs = new ArrayList<>();
    for (TunnelUri uri : uris) {
      ClientTlsSettings tls =
          uri.tls()
              ? new ClientTlsSettings(
                  route.nameOf(uri), uri.port(), caCerts, keyFile, certFile, insecure, pins)
              : null;
      hubs.add(new Uplink(new SpokeSettings(uri, name, password, retry, plainWire, route), tls));
    }
    return Uplink.of(hubs);
  }

  private static @Nullable String password(
      Table table, @Nullable String user, @Nullable Path file) {
    boolean given = table.has(UplinkKeys.PASSWORD_FILE);
    if (user == null && given) {
      table.report(UplinkKeys.PASSWORD_FILE, "is the password of nobody", "give user too");
    } else if (user != null && !given) {
      Key<?> key = table.has(UplinkKeys.USER_NAME) ? UplinkKeys.USER_NAME : UplinkKeys.URI;
      table.report(key, "has no password", "give password-file too");
    }
    return file == null ? null : SecretFile.read(table, UplinkKeys.PASSWORD_FILE, file);
  }
}
