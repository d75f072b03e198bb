package etherws.node;

import static java.util.Objects.requireNonNull;

import etherws.auth.Authenticator;
import etherws.auth.Htpasswd;
import etherws.auth.HtpasswdException;
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
import org.jspecify.annotations.Nullable;

/** Where the node can be asked, by its settings of now. Its calls block. */
final class Controls {
  private final View view;
  private final Console console;
  private final DynamicPorts ports;
  private final SecureRandom random;
  private final Map<ControlSettings, Open> servers = new LinkedHashMap<>();

  /**
   * @param passwords of the ctl port, if it asks for any
   */
  private record Open(ControlServer server, @Nullable Authenticator passwords) {
    void close() {
      server.stop();
      if (passwords != null) {
        passwords.close();
      }
    }
  }

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
        requireNonNull(servers.remove(part)).close();
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

  private Open listen(ControlSettings part) throws Exception {
    CtlSettings ctl = part.ctl();
    ControlServer server = new ControlServer(part, view, console);
    Open open = new Open(server, ctl == null ? null : passwords(ctl));
    try {
      server.start();
      if (ctl != null) {
        openCtl(open, ctl);
      }
      return open;
    } catch (Exception e) {
      open.close();
      throw e;
    }
  }

  private @Nullable Authenticator passwords(CtlSettings ctl) throws HtpasswdException {
    return ctl.htpasswd() == null
        ? null
        : new Authenticator(
            Htpasswd.load(ctl.htpasswd()), random, System::nanoTime, Niceness.atEase("ctl-"));
  }

  /** The control port of etherws 1.x. */
  private void openCtl(Open open, CtlSettings ctl) throws Exception {
    Authenticator passwords = open.passwords;
    Login login =
        passwords == null
            ? null
            : (source, authorization) ->
                passwords
                    .check(authorization, source)
                    .thenApply(verdict -> verdict instanceof Verdict.Accepted);
    SslContext tls = null;
    if (ctl.key() != null && ctl.certificate() != null) {
      ServerTlsSettings files = new ServerTlsSettings(ctl.key(), ctl.certificate());
      tls = new ServerTls(files, Passphrase.NONE, InstantSource.system()).context();
    }
    open.server.openCtl(ctl, ports, tls, login);
  }

  /** Ends all of it, within 2 s. Idempotent. */
  synchronized void close() {
    servers.values().forEach(Open::close);
    servers.clear();
  }
}
