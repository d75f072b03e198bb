package etherws.config;

import etherws.control.ControlSettings;
import etherws.control.SocketFolder;
import etherws.node.NetworkSettings;
import etherws.node.NodeSettings;
import etherws.node.NodeSettings.Listener;
import etherws.node.UsersSettings;
import etherws.tls.Passphrase;
import etherws.tunnel.Congestion;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The whole file. */
final class NodeReader {
  private NodeReader() {}

  /**
   * The settings of a file. They are worth nothing when the reading has problems.
   *
   * @param name of the node: the file's without its ending
   */
  static NodeSettings read(Table root, String name, Passphrase prompt) {
    Congestion congestion = congestion(root);
    ControlSettings control = control(root.child(Schema.CONTROL), name);
    List<NetworkSettings> networks = new NetworkReader().read(root);
    if (!root.has(Schema.NETWORK)) {
      root.report("there is no network", "write [network.NAME]");
    }
    UsersSettings users = new UsersReader(networks).read(root);
    List<Listener> listeners = new ListenReader(prompt).read(root, users.htpasswd() != null);
    return new NodeSettings(congestion, listeners, users, networks, control);
  }

  static LogSettings log(Table root) {
    return new LogSettings(root.get(Schema.LOG_LEVEL), root.find(Schema.LOG_FILE));
  }

  private static Congestion congestion(Table root) {
    String chosen = root.find(Schema.CONGESTION);
    try {
      return Congestion.choose(chosen);
    } catch (IllegalArgumentException e) {
      String[] parts = String.valueOf(e.getMessage()).split("; ", 2);
      root.report(Schema.CONGESTION, parts[0], parts[parts.length - 1]);
      return Congestion.choose(null);
    }
  }

  private static ControlSettings control(Table table, String name) {
    Path socket = SocketFolder.socketOf(name);
    ControlSettings control =
        new ControlSettings(
            table.get(Schema.SOCKET, Optional.of(socket)).orElse(null),
            table.find(Schema.SOCKET_GROUP),
            table.find(Schema.METRICS),
            table.find(Schema.METRICS_TOKEN_FILE));
    if (control.metricsToken() != null) {
      SecretFile.warnIfShared(table, Schema.METRICS_TOKEN_FILE, control.metricsToken());
      if (!table.has(Schema.METRICS)) {
        table.report(Schema.METRICS_TOKEN_FILE, "is asked for nowhere", "give metrics too");
      }
    }
    return control;
  }
}
