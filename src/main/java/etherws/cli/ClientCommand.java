package etherws.cli;

import etherws.bridge.PortPolicy;
import etherws.node.NetworkSettings.Attached;
import etherws.node.NetworkSettings.Uplink;
import etherws.node.NodeSettings;
import etherws.node.UsersSettings;
import etherws.tls.ClientTlsSettings;
import etherws.tls.Pin;
import etherws.tunnel.Header;
import etherws.tunnel.Route;
import etherws.tunnel.SpokeSettings;
import etherws.tunnel.TunnelUri;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code etherws client}: a TAP device and a dialler. */
@Command(
    name = "client",
    description = "Connect a TAP device with a server.",
    footer = {"", "Once the tunnel is up it is kept up for ever; SIGTERM ends the client."})
final class ClientCommand extends TunnelCommand {
  private static final Logger log = LoggerFactory.getLogger(ClientCommand.class);

  @Option(
      names = "--uri",
      paramLabel = "URI",
      required = true,
      description = "ws://HOST[:PORT]/PATH or wss://...; give it again for more tunnels")
  private List<String> uris = List.of();

  @Option(
      names = "--failover",
      description =
          "the --uri are one tunnel: dial the first that answers, and return to the first")
  private boolean failover;

  @Option(
      names = "--insecure",
      description = "do not verify the server's certificate: encrypts, but to anybody")
  private boolean insecure;

  @Option(
      names = "--cacerts",
      paramLabel = "FILE",
      description = "trust the CA or server certificates in this PEM file (default: the system's)")
  private @Nullable Path caCerts;

  @Option(
      names = "--certfile",
      paramLabel = "FILE",
      description = "our own certificate and its chain (PEM), for a server that asks for one")
  private @Nullable Path certFile;

  @Option(
      names = "--keyfile",
      paramLabel = "FILE",
      description = "the private key of --certfile (PEM, not encrypted)")
  private @Nullable Path keyFile;

  @Option(
      names = "--user",
      paramLabel = "NAME",
      description = "user name; the password is asked for, or read as a line of standard input")
  private @Nullable String user;

  @Option(
      names = "--passwd-file",
      paramLabel = "FILE",
      description = "read the password from the first line of FILE")
  private @Nullable Path passwordFile;

  @Option(names = "--retry", description = "keep trying even if the first connection fails")
  private boolean retry;

  @Option(
      names = "--plain-wire",
      description = "one frame per message even with a server that knows the faster etherws.v2")
  private boolean plainWire;

  @Option(
      names = "--pin",
      paramLabel = "sha256:BASE64",
      description = {
        "the server's key has this fingerprint, whoever certifies it; give it again for more keys.",
        "With --insecure this alone counts."
      })
  private List<String> pins = List.of();

  @Mixin private RouteOptions routeOptions = new RouteOptions();

  @Override
  NodeSettings settings() throws Exception {
    if ((keyFile == null) != (certFile == null)) {
      throw usage("both keyfile and certfile are required");
    }
    List<TunnelUri> hubs = given(() -> uris.stream().map(TunnelUri::parse).toList());
    Set<Pin> keys = given(() -> pins.stream().map(Pin::parse).collect(Collectors.toSet()));
    Route route = given(() -> routeOptions.to(hubs, caCerts));
    if (!keys.isEmpty() && hubs.stream().noneMatch(TunnelUri::tls)) {
      throw usage("--pin says nothing about ws://; dial wss://");
    }
    Secret secret = new Secret("Password: ", passwordFile);
    List<Uplink> uplinks = new ArrayList<>();
    for (TunnelUri uri : hubs) {
      String name = user != null ? user : uri.user();
      if (name != null && route.headers().stream().anyMatch(Header::isAuthorization)) {
        throw usage("a user and the header Authorization exclude each other");
      }
      String password =
          name == null
              ? null
              : user == null && uri.password() != null ? uri.password() : secret.read();
      ClientTlsSettings tls =
          uri.tls()
              ? new ClientTlsSettings(
                  route.nameOf(uri), uri.port(), caCerts, keyFile, certFile, insecure, keys)
              : null;
      SpokeSettings spoke = new SpokeSettings(uri, name, password, retry, plainWire, route);
      uplinks.add(new Uplink(spoke, tls));
    }
    if (insecure && keys.isEmpty()) {
      log.warn("--insecure: the server's certificate is not verified; anybody can be in between");
    }
    List<Attached<Uplink>> attached =
        (failover ? List.of(Uplink.of(uplinks)) : uplinks)
            .stream().map(uplink -> new Attached<>(uplink, PortPolicy.LOCAL)).toList();
    return new NodeSettings(
        congestion(), List.of(), UsersSettings.ANYBODY, List.of(network("/", attached)), control());
  }

  /** Something made of options, which it may find wrong. */
  private interface Parser<T> {
    T parse() throws SecretException;
  }

  private <T> T given(Parser<T> parser) throws SecretException {
    try {
      return parser.parse();
    } catch (IllegalArgumentException e) {
      throw usage(String.valueOf(e.getMessage()));
    }
  }
}
