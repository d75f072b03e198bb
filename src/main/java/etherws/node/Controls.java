package etherws.node;

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
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Where the node can be asked, by its settings of now. Its calls block. */
final class Controls {
  private final View view;
  private final Console console;
  private final DynamicPorts ports;
  private final SecureRandom random;
  private ControlSettings controlled = ControlSettings.NONE;
  private @Nullable ControlServer control;

  Controls(View view, Console console, DynamicPorts ports, SecureRandom random) {
    this.view = view;
    this.console = console;
    this.ports = ports;
    this.random = random;
  }

  /**
   * Listens as wanted: what was open before and isn't wanted any more ends first.
   *
   * @throws Exception with one line for the operator
   */
  synchronized void open(ControlSettings wanted) throws Exception {
    if (wanted.equals(controlled)) {
      return;
    }
    close();
    ControlServer server = new ControlServer(wanted, view, console);
    server.start();
    control = server;
    controlled = wanted;
    if (wanted.ctl() != null) {
      openCtl(server, wanted.ctl());
    }
  }

  /** The control port of etherws 1.x. */
  private void openCtl(ControlServer server, CtlSettings ctl) throws Exception {
    Login login = null;
    if (ctl.htpasswd() != null) {
      Authenticator passwords =
          new Authenticator(
              Htpasswd.load(ctl.htpasswd()), random, System::nanoTime, Niceness.atEase("ctl-"));
      InetAddress source = ctl.address().getAddress();
      login =
          authorization ->
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
    if (control != null) {
      control.stop();
      control = null;
      controlled = ControlSettings.NONE;
    }
  }
}
