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
    List<TunnelUri> uris = table.require(Schema.URI);
    String user = table.find(Schema.USER_NAME);
    Path passwordFile = table.find(Schema.PASSWORD_FILE);
    Path caCerts = table.find(Schema.CACERTS);
    Path certFile = table.find(Schema.OWN_CERTFILE);
    Path keyFile = table.find(Schema.OWN_KEYFILE);
    boolean insecure = table.get(Schema.INSECURE);
    boolean retry = table.get(Schema.RETRY);
    boolean plainWire = table.get(Schema.PLAIN_WIRE);
    Set<Pin> pins = Set.copyOf(table.get(Schema.PIN));
    Route route = RouteReader.read(table, uris == null ? List.of() : uris, caCerts);
    if (insecure && pins.isEmpty()) {
      table.warn(
          Schema.INSECURE,
          "the hub's certificate is not verified, anybody can be in between",
          "give cacerts instead, or pin");
    }
    if (uris == null || uris.isEmpty()) {
      if (uris != null) {
        table.report(Schema.URI, "is empty", "give one URI at least");
      }
      return null;
    }
    if (uris.stream().anyMatch(uri -> uri.password() != null)) {
      table.report(Schema.URI, "has a password in it", "give password-file instead");
    }
    boolean proxyTls = route.proxies().all().stream().anyMatch(p -> p.kind() == Proxy.Kind.HTTPS);
    boolean uselessCas = caCerts != null && !proxyTls;
    if (uris.stream().noneMatch(TunnelUri::tls) && (uselessCas || insecure || !pins.isEmpty())) {
      Key<?> key = insecure ? Schema.INSECURE : pins.isEmpty() ? Schema.CACERTS : Schema.PIN;
      table.report(key, "says nothing about ws://", "dial wss://, or leave it away");
    }
    if ((certFile == null) != (keyFile == null)) {
      Key<?> key = certFile == null ? Schema.OWN_KEYFILE : Schema.OWN_CERTFILE;
      table.report(key, "is half of a pair", "give certfile and keyfile");
    }
    TunnelUri first = uris.getFirst();
    if (user == null && uris.stream().map(TunnelUri::user).distinct().count() > 1) {
      table.report(Schema.URI, "names several users", "give user instead, the same for all");
    }
    String name = user == null ? first.user() : user;
    if (name != null && route.headers().stream().anyMatch(Header::isAuthorization)) {
      table.report(Schema.HEADER_FILE, "has an Authorization beside a user", "give one of them");
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
    boolean given = table.has(Schema.PASSWORD_FILE);
    if (user == null && given) {
      table.report(Schema.PASSWORD_FILE, "is the password of nobody", "give user too");
    } else if (user != null && !given) {
      Key<?> key = table.has(Schema.USER_NAME) ? Schema.USER_NAME : Schema.URI;
      table.report(key, "has no password", "give password-file too");
    }
    return file == null ? null : SecretFile.read(table, Schema.PASSWORD_FILE, file);
  }
}
