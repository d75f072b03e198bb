package etherws.config;

import etherws.node.NodeSettings.Listener;
import etherws.tls.Passphrase;
import etherws.tls.ServerTlsSettings;
import etherws.tunnel.HubSettings;
import etherws.tunnel.TrustedProxies;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code [[listen]]}. */
final class ListenReader {
  private final Passphrase prompt;
  private final List<Place> taken = new ArrayList<>();

  /** Where somebody listens already. */
  private record Place(InetSocketAddress address, int line) {
    boolean meets(InetSocketAddress other) {
      return address.getPort() == other.getPort()
          && (address.equals(other)
              || address.getAddress().isAnyLocalAddress()
              || other.getAddress().isAnyLocalAddress());
    }
  }

  /**
   * @param prompt asked for the passphrase of a key that has no keypass-file
   */
  ListenReader(Passphrase prompt) {
    this.prompt = prompt;
  }

  List<Listener> read(Table root, boolean passwords) {
    List<Listener> listeners = new ArrayList<>();
    for (Table table : root.each(Schema.LISTEN)) {
      Listener listener = listener(table);
      claim(listener.settings().addresses(), table);
      warn(listener, table, passwords);
      listeners.add(listener);
    }
    return List.copyOf(listeners);
  }

  private Listener listener(Table table) {
    List<InetAddress> addresses = table.find(Schema.ADDRESS);
    boolean tls = table.has(Schema.KEYFILE) || table.has(Schema.CERTFILE);
    int port = table.get(Schema.PORT, tls ? 443 : 80);
    Path certificate = table.find(Schema.CERTFILE);
    Path key = table.find(Schema.KEYFILE);
    Path keyPassphrase = table.find(Schema.KEYPASS_FILE);
    Path clientCa = table.find(Schema.CLIENT_CA);
    Set<String> origins = Set.copyOf(table.get(Schema.ALLOW_ORIGIN));
    for (Key<?> given :
        List.of(Schema.CERTFILE, Schema.KEYFILE, Schema.KEYPASS_FILE, Schema.CLIENT_CA)) {
      needs(table, given, Schema.KEYFILE);
      needs(table, given, Schema.CERTFILE);
    }
    if (keyPassphrase != null) {
      SecretFile.warnIfShared(table, Schema.KEYPASS_FILE, keyPassphrase);
    }
    TrustedProxies proxies =
        new TrustedProxies(
            Set.copyOf(table.get(Schema.TRUSTED_PROXY)), table.get(Schema.PROXY_PROTOCOL));
    if (proxies.proxyProtocol() && proxies.subnets().isEmpty()) {
      table.report(
          Schema.PROXY_PROTOCOL, "needs trusted-proxy", "say who may tell a client's address");
    }
    return new Listener(
        new HubSettings(sockets(addresses, port), origins, proxies),
        key == null || certificate == null ? null : tls(key, certificate, clientCa),
        keyPassphrase == null ? prompt : new SecretFile(keyPassphrase));
  }

  private static void needs(Table table, Key<?> given, Key<?> other) {
    if (table.has(given) && !table.has(other)) {
      table.report(given, "needs " + other.name(), "give both, or neither for ws://");
    }
  }

  private static ServerTlsSettings tls(Path key, Path certificate, @Nullable Path clientCa) {
    ServerTlsSettings tls = new ServerTlsSettings(key, certificate);
    return new ServerTlsSettings(key, certificate, clientCa, tls.handshakeTimeout());
  }

  /** An unspecified address, v4 or v6, is all of both. */
  private static List<InetSocketAddress> sockets(@Nullable List<InetAddress> addresses, int port) {
    if (addresses == null || addresses.stream().anyMatch(InetAddress::isAnyLocalAddress)) {
      return List.of(new InetSocketAddress(port));
    }
    return addresses.stream().map(address -> new InetSocketAddress(address, port)).toList();
  }

  private void claim(List<InetSocketAddress> addresses, Table table) {
    Key<?> key = table.has(Schema.PORT) ? Schema.PORT : Schema.ADDRESS;
    if (addresses.isEmpty()) {
      table.report(Schema.ADDRESS, "is empty", "leave it away for all addresses");
    }
    for (InetSocketAddress address : addresses) {
      for (Place place : taken) {
        if (place.meets(address)) {
          table.report(
              key,
              "port %d of this address is on line %d too".formatted(address.getPort(), place.line),
              "give another port or address");
        }
      }
      taken.add(new Place(address, table.line(key)));
    }
  }

  private static void warn(Listener listener, Table table, boolean passwords) {
    boolean certificates = listener.tls() != null && listener.tls().clientCa() != null;
    boolean reached =
        listener.settings().addresses().stream()
            .anyMatch(address -> !address.getAddress().isLoopbackAddress());
    if (!passwords && !certificates && reached) {
      table.warn(
          Schema.PORT,
          "NO AUTHENTICATION: anybody who reaches this port joins the networks",
          "give users.htpasswd");
    } else if (passwords && listener.tls() == null && reached) {
      table.warn(Schema.PORT, "passwords cross the wire in clear", "give keyfile and certfile");
    }
  }
}
