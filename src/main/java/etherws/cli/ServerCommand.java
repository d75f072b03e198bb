package etherws.cli;

import etherws.node.NodeSettings;
import etherws.node.UsersSettings;
import etherws.tls.ServerTlsSettings;
import etherws.tunnel.HubSettings;
import etherws.tunnel.Subnet;
import etherws.tunnel.TrustedProxies;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code etherws server}: a TAP device and a listener. */
@Command(
    name = "server",
    description = "Listen for clients and bridge them with a TAP device.",
    footer = {"", "SIGHUP reads certificate and htpasswd again, SIGTERM ends the server."})
final class ServerCommand extends TunnelCommand {
  private static final Logger log = LoggerFactory.getLogger(ServerCommand.class);

  @Option(
      names = "--address",
      paramLabel = "A",
      description = "listen on this address, v4 or v6; may be repeated (default: all)")
  private List<String> addresses = List.of();

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "listen on this TCP port (default: 80, with TLS 443)")
  private @Nullable Integer port;

  @Option(
      names = "--path",
      paramLabel = "PATH",
      defaultValue = "/",
      description = "the tunnel's path in the URI (default: ${DEFAULT-VALUE})")
  private String path = "/";

  @Option(
      names = "--htpasswd",
      paramLabel = "FILE",
      description = "let in only users of this Apache htpasswd file; changes are seen at once")
  private @Nullable Path htpasswd;

  @Option(names = "--keyfile", paramLabel = "FILE", description = "TLS private key (PEM)")
  private @Nullable Path keyFile;

  @Option(
      names = "--certfile",
      paramLabel = "FILE",
      description = "TLS certificate and its chain (PEM)")
  private @Nullable Path certFile;

  @Option(
      names = "--keypass-file",
      paramLabel = "FILE",
      description = "passphrase of the private key (default: prompt)")
  private @Nullable Path keyPassphraseFile;

  @Option(
      names = "--client-ca",
      paramLabel = "FILE",
      description =
          "let in only clients with a certificate of these CAs (PEM), which names the user")
  private @Nullable Path clientCa;

  @Option(
      names = "--allow-origin",
      paramLabel = "ORIGIN",
      description = "let in browsers on pages of ORIGIN, like https://vm.example; may be repeated")
  private List<String> allowedOrigins = List.of();

  @Option(
      names = "--trusted-proxy",
      paramLabel = "CIDR",
      description =
          "believe these reverse proxies what X-Forwarded-For says of a client's address; may be"
              + " repeated")
  private List<String> trustedProxies = List.of();

  @Option(
      names = "--proxy-protocol",
      description =
          "trusted proxies begin each connection with a PROXY header, and X-Forwarded-For is not"
              + " looked at")
  private boolean proxyProtocol;

  /** Paths become absolute here: a daemon leaves the folder they are relative to. */
  @Override
  NodeSettings settings() throws Exception {
    if ((keyFile == null) != (certFile == null)) {
      throw usage("both keyfile and certfile are required");
    }
    if (clientCa != null && keyFile == null) {
      throw usage("--client-ca needs --keyfile and --certfile");
    }
    if (clientCa != null && htpasswd != null) {
      throw usage("--client-ca and --htpasswd exclude each other: a certificate says who it is");
    }
    if (port != null && (port < 1 || port > 0xffff)) {
      throw usage("--port " + port + " is not between 1 and 65535");
    }
    if (!path.startsWith("/")) {
      throw usage("--path " + path + " does not start with /");
    }
    ServerTlsSettings tls =
        keyFile == null || certFile == null
            ? null
            : new ServerTlsSettings(
                keyFile.toAbsolutePath(),
                certFile.toAbsolutePath(),
                clientCa == null ? null : clientCa.toAbsolutePath());
    Secret passphrase = new Secret("Passphrase for the private key: ", keyPassphraseFile);
    Path users = htpasswd == null ? null : htpasswd.toAbsolutePath();
    List<InetSocketAddress> listen = listen();
    if (users == null && clientCa == null && reached(listen)) {
      log.warn(
          "NO AUTHENTICATION: anybody who reaches this port joins the network; give --htpasswd");
    } else if (users != null && tls == null && reached(listen)) {
      log.warn("passwords cross the wire in clear; give --keyfile and --certfile");
    }
    HubSettings hub = new HubSettings(listen, Set.copyOf(allowedOrigins), proxies());
    return new NodeSettings(
        congestion(),
        List.of(new NodeSettings.Listener(hub, tls, _ -> passphrase.read().toCharArray())),
        new UsersSettings(users, true, Map.of()),
        List.of(network(path, List.of())),
        control());
  }

  /** By others than this host. */
  private static boolean reached(List<InetSocketAddress> listen) {
    return listen.stream().anyMatch(a -> !a.getAddress().isLoopbackAddress());
  }

  private TrustedProxies proxies() {
    if (proxyProtocol && trustedProxies.isEmpty()) {
      throw usage("--proxy-protocol needs --trusted-proxy: who may tell a client's address");
    }
    Set<Subnet> subnets = new LinkedHashSet<>();
    for (String proxy : trustedProxies) {
      try {
        subnets.add(Subnet.parse(proxy));
      } catch (IllegalArgumentException e) {
        throw usage("--trusted-proxy " + e.getMessage());
      }
    }
    return new TrustedProxies(subnets, proxyProtocol);
  }

  private List<InetSocketAddress> listen() {
    int number = port != null ? port : keyFile == null ? 80 : 443;
    if (addresses.isEmpty()) {
      return List.of(new InetSocketAddress(number));
    }
    List<InetSocketAddress> listen = new ArrayList<>();
    for (String address : addresses) {
      try {
        listen.add(new InetSocketAddress(InetAddress.getByName(address), number));
      } catch (UnknownHostException e) {
        throw usage("--address " + address + " is no address of this machine's families");
      }
    }
    return listen;
  }
}
