package etherws.node;

import static java.util.Objects.requireNonNull;

import etherws.auth.Authenticator;
import etherws.auth.Htpasswd;
import etherws.auth.Verdict;
import etherws.control.ControlServer;
import etherws.control.ControlSettings;
import etherws.control.CtlSettings;
import etherws.control.DynamicPorts;
import etherws.control.Login;
import etherws.tls.Passphrase;
import etherws.tls.ServerTls;
import etherws.tls.ServerTlsSettings;
import io.netty.handler.ssl.SslContext;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Where the node can be asked, by its settings of now. Its calls block. */
final class Controls {
  private final View view;
  private final Console console;
  private final DynamicPorts ports;
  private final SecureRandom random;
  private final Map<ControlSettings, ControlServer> servers = new LinkedHashMap<>();

  Controls(View view, Console console, DynamicPorts ports, SecureRandom random) {
    this.view = view;
    this.console = console;
    this.ports = ports;
    this.random = random;
  }

  /**
   * Listens as wanted: what was open before and isn't wanted any more ends first. The rest stays:
   * whoever asks for a reload by the socket hears what came of it.
   *
   * @throws Exception with one line for the operator
   */
  synchronized void open(ControlSettings wanted) throws Exception {
    List<ControlSettings> parts = parts(wanted);
    for (ControlSettings part : List.copyOf(servers.keySet())) {
      if (!parts.contains(part)) {
        requireNonNull(servers.remove(part)).stop();
      }
    }
    for (ControlSettings part : parts) {
      if (!servers.containsKey(part)) {
        servers.put(part, listen(part));
      }
    }
  }

  /** What can be opened and closed by itself. */
  private static List<ControlSettings> parts(ControlSettings all) {
    return Stream.of(
            new ControlSettings(all.socket(), all.group(), null, null),
            new ControlSettings(null, null, all.metrics(), all.metricsToken()),
            new ControlSettings(null, null, null, null, all.ctl()))
        .filter(part -> part.socket() != null || part.metrics() != null || part.ctl() != null)
        .toList();
  }

  private ControlServer listen(ControlSettings part) throws Exception {
    ControlServer server = new ControlServer(part, view, console);
    try {
      server.start();
      if (part.ctl() != null) {
        openCtl(server, part.ctl());
      }
      return server;
    } catch (Exception e) {
      server.stop();
      throw e;
    }
  }

  /** The control port of etherws 1.x. */
  private void openCtl(ControlServer server, CtlSettings ctl) throws Exception {
    Login login = null;
    if (ctl.htpasswd() != null) {
      Authenticator passwords =
          new Authenticator(
              Htpasswd.load(ctl.htpasswd()), random, System::nanoTime, Niceness.atEase("ctl-"));
      login =
          (source, authorization) ->
              passwords
                  .check(authorization, source)
                  .thenApply(verdict -> verdict instanceof Verdict.Accepted);
    }
    SslContext tls = null;
    if (ctl.key() != null && ctl.certificate() != null) {
      ServerTlsSettings files = new ServerTlsSettings(ctl.key(), ctl.certificate());
      tls = new ServerTls(files, Passphrase.NONE, InstantSource.system()).context();
    }
    server.openCtl(ctl, ports, tls, login);
  }

  /** Ends all of it, within 2 s. Idempotent. */
  synchronized void close() {
    servers.values().forEach(ControlServer::stop);
    servers.clear();
  }
}
