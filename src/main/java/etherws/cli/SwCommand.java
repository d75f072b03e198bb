package etherws.cli;

import etherws.bridge.BridgeSettings;
import etherws.bridge.PortPolicy;
import etherws.control.ControlSettings;
import etherws.control.CtlSettings;
import etherws.node.NetworkSettings;
import etherws.node.NodeSettings;
import etherws.node.UsersSettings;
import etherws.tls.Passphrase;
import etherws.tls.ServerTlsSettings;
import etherws.tunnel.Congestion;
import etherws.tunnel.HubSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code etherws sw}, as in etherws 1.x: a listener without a TAP; ports come by ctl. */
@Command(
    name = "sw",
    description = "Start a switch as in etherws 1.x: no port but the listener; the rest by ctl.")
final class SwCommand extends NodeCommand {
  private static final Logger log = LoggerFactory.getLogger(SwCommand.class);
  private static final int MAX_PORT = 0xffff;

  @Option(
      names = "--ageout",
      paramLabel = "SECONDS",
      defaultValue = "300",
      description = "how long a silent address is remembered (default: ${DEFAULT-VALUE})")
  private int ageout;

  @Option(
      names = "--path",
      paramLabel = "PATH",
      defaultValue = "/",
      description = "the tunnel's path in the URI (default: ${DEFAULT-VALUE})")
  private String path = "/";

  @Option(
      names = "--host",
      paramLabel = "A",
      defaultValue = "",
      description = "listen on this address (default: all)")
  private String host = "";

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "listen on this TCP port (default: 80, with TLS 443)")
  private @Nullable Integer port;

  @Option(
      names = "--htpasswd",
      paramLabel = "FILE",
      description = "let in only users of this Apache htpasswd file")
  private @Nullable Path htpasswd;

  @Option(names = "--sslkey", paramLabel = "FILE", description = "TLS private key (PEM)")
  private @Nullable Path key;

  @Option(names = "--sslcert", paramLabel = "FILE", description = "TLS certificate (PEM)")
  private @Nullable Path certificate;

  @Option(
      names = "--ctlpath",
      paramLabel = "PATH",
      defaultValue = "/ctl",
      description = "path of the control port (default: ${DEFAULT-VALUE})")
  private String ctlPath = "/ctl";

  @Option(
      names = "--ctlhost",
      paramLabel = "A",
      defaultValue = "127.0.0.1",
      description = "address of the control port (default: ${DEFAULT-VALUE})")
  private String ctlHost = "";

  @Option(
      names = "--ctlport",
      paramLabel = "N",
      defaultValue = "7867",
      description = "TCP port of the control port (default: ${DEFAULT-VALUE})")
  private int ctlPort;

  @Option(
      names = "--ctlhtpasswd",
      paramLabel = "FILE",
      description = "let only users of this htpasswd file control the switch")
  private @Nullable Path ctlHtpasswd;

  @Option(names = "--ctlsslkey", paramLabel = "FILE", description = "TLS key of the control port")
  private @Nullable Path ctlKey;

  @Option(
      names = "--ctlsslcert",
      paramLabel = "FILE",
      description = "TLS certificate of the control port")
  private @Nullable Path ctlCertificate;

  /** Paths become absolute here: a daemon leaves the folder they are relative to. */
  @Override
  NodeSettings settings() {
    if (ageout <= 0) {
      throw usage("--ageout " + ageout + " is not a number of seconds above 0");
    }
    if (htpasswd == null) {
      log.warn(
          "NO AUTHENTICATION: anybody who reaches this port joins the network; give --htpasswd");
    }
    HubSettings hub =
        new HubSettings(
            List.of(address("--host", host, port != null ? port : key == null ? 80 : 443)),
            Set.of());
    return new NodeSettings(
        Congestion.choose(null),
        List.of(
            new NodeSettings.Listener(
                hub, tls("sslkey", key, "sslcert", certificate), Passphrase.NONE)),
        new UsersSettings(absolute(htpasswd), true, Map.of()),
        List.of(network()),
        new ControlSettings(controlSocket(), null, null, null, ctl()));
  }

  private NetworkSettings network() {
    return new NetworkSettings(
        NetworkSettings.DEFAULT_NAME,
        absolute("--path", path),
        new BridgeSettings(Duration.ofSeconds(ageout), BridgeSettings.DEFAULTS.fdbSize()),
        0,
        PortPolicy.CLIENT,
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  private CtlSettings ctl() {
    ServerTlsSettings tls = tls("ctlsslkey", ctlKey, "ctlsslcert", ctlCertificate);
    return new CtlSettings(
        address("--ctlhost", ctlHost, ctlPort),
        absolute("--ctlpath", ctlPath),
        NetworkSettings.DEFAULT_NAME,
        absolute(ctlHtpasswd),
        tls == null ? null : tls.keyFile(),
        tls == null ? null : tls.certFile());
  }

  private InetSocketAddress address(String option, String address, int number) {
    if (number < 1 || number > MAX_PORT) {
      throw usage("port " + number + " is not between 1 and " + MAX_PORT);
    }
    try {
      return address.isEmpty()
          ? new InetSocketAddress(number)
          : new InetSocketAddress(InetAddress.getByName(address), number);
    } catch (UnknownHostException e) {
      throw usage(option + " " + address + " is no address");
    }
  }

  private @Nullable ServerTlsSettings tls(
      String keyName, @Nullable Path key, String certificateName, @Nullable Path certificate) {
    if (key != null && certificate != null) {
      return new ServerTlsSettings(key.toAbsolutePath(), certificate.toAbsolutePath());
    }
    if (key != null || certificate != null) {
      throw usage("Both " + keyName + " and " + certificateName + " are required");
    }
    return null;
  }

  private String absolute(String option, String path) {
    if (!path.startsWith("/")) {
      throw usage(option + " " + path + " does not start with /");
    }
    return path;
  }

  private static @Nullable Path absolute(@Nullable Path file) {
    return file == null ? null : file.toAbsolutePath();
  }
}
