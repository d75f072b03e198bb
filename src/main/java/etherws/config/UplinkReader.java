package etherws.config;

import etherws.node.NetworkSettings.Uplink;
import etherws.tls.ClientTlsSettings;
import etherws.tunnel.SpokeSettings;
import etherws.tunnel.TunnelUri;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
    if (insecure) {
      table.warn(
          Schema.INSECURE,
          "the hub's certificate is not verified, anybody can be in between",
          "give cacerts instead");
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
    if (uris.stream().noneMatch(TunnelUri::tls) && (caCerts != null || insecure)) {
      Key<?> key = caCerts != null ? Schema.CACERTS : Schema.INSECURE;
      table.report(key, "says nothing about ws://", "dial wss://, or leave it away");
    }
    if ((certFile == null) != (keyFile == null)) {
      Key<?> key = certFile == null ? Schema.OWN_KEYFILE : Schema.OWN_CERTFILE;
      table.report(key, "is half of a pair", "give certfile and keyfile");
    }
    TunnelUri first = uris.getFirst();
    String name = user == null ? first.user() : user;
    String password = first.password() == null ? password(table, name, passwordFile) : null;
    List<Uplink> hubs = new ArrayList<>();
    for (TunnelUri uri : uris) {
      ClientTlsSettings tls =
          uri.tls()
              ? new ClientTlsSettings(uri.host(), uri.port(), caCerts, keyFile, certFile, insecure)
              : null;
      hubs.add(new Uplink(new SpokeSettings(uri, name, password, retry, plainWire), tls));
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
