package etherws.cli;

import static java.util.Objects.requireNonNull;

import etherws.bridge.BridgeSettings;
import etherws.bridge.PortPolicy;
import etherws.node.Daemon;
import etherws.node.Logs;
import etherws.node.NetworkSettings;
import etherws.node.NetworkSettings.Attached;
import etherws.node.NetworkSettings.Uplink;
import etherws.node.Node;
import etherws.node.NodeSettings;
import etherws.node.Signals;
import etherws.tap.TapSettings;
import etherws.tunnel.Congestion;
import java.nio.file.Path;
import java.security.Security;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** A subcommand that becomes a node: the options and the life that server and client share. */
abstract class NodeCommand implements Callable<Integer> {
  private static final Logger log = LoggerFactory.getLogger(NodeCommand.class);

  @ParentCommand private Etherws program = new Etherws();
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--mtu",
      paramLabel = "N",
      defaultValue = "1500",
      description = "MTU of the TAP devices (default: ${DEFAULT-VALUE})")
  private int mtu;

  @Option(
      names = "--bridge",
      paramLabel = "BR",
      description = "attach the TAP devices to this Linux bridge")
  private @Nullable String bridge;

  @Option(
      names = "--congestion",
      paramLabel = "NAME",
      description =
          "TCP congestion control under the tunnels: bbr, cubic, ... (default: bbr if there is)")
  private @Nullable String congestion;

  @Option(
      names = "--log-file",
      paramLabel = "FILE",
      description = "log to FILE (default in the background: syslog)")
  private @Nullable Path logFile;

  @Option(names = "--pid-file", paramLabel = "FILE", description = "write the process id to FILE")
  private @Nullable Path pidFile;

  private volatile boolean broken;

  /** Reads everything the operator may have got wrong; nothing has started yet. */
  abstract NodeSettings settings() throws Exception;

  @Override
  public final Integer call() throws Exception {
    lookNamesUpAgain();
    program.awaitPreload();
    Logs logs = new Logs(program.debug());
    try {
      return live(program.foreground() ? null : Daemon.fromLauncher(), logs);
    } finally {
      logs.close();
    }
  }

  /** From the options to the end of the node. */
  private int live(@Nullable Daemon daemon, Logs logs) throws Exception {
    if (daemon == null) {
      logs.toTerminal();
      if (logFile != null) {
        logs.toFile(logFile);
      }
    } else {
      logs.toBackground(logFile);
    }
    NodeSettings settings = settings();
    Node node = new Node(settings);
    node.start(); // until here a signal ends the process as it does any other
    Signals signals = new Signals();
    node.onBroken(reason -> {
      log.error("{}; stopping", reason);
      broken = true;
      signals.stop();
    });
    Runnable forgetPid = () -> {};
    try {
      if (pidFile != null) {
        forgetPid = Daemon.pidFile(pidFile);
      }
      if (daemon != null) {
        logs.leaveTerminal();
        daemon.detach();
      }
      while (signals.await() == Signals.Request.RELOAD) {
        node.reload(settings);
      }
    } finally {
      node.stop();
      forgetPid.run();
    }
    return broken ? ExitStatus.FAILURE.code() : ExitStatus.OK.code();
  }

  /** Java keeps a name's addresses for 30 s; a reconnecting spoke wants those of now. */
  private static void lookNamesUpAgain() {
    Security.setProperty("networkaddress.cache.ttl", "0");
    Security.setProperty("networkaddress.cache.negative.ttl", "0");
  }

  private List<Attached<TapSettings>> taps() {
    try {
      return program.devices().stream()
          .map(name -> new TapSettings(name, mtu, bridge))
          .map(tap -> new Attached<>(tap, PortPolicy.LOCAL))
          .toList();
    } catch (IllegalArgumentException e) {
      throw usage(String.valueOf(e.getMessage()));
    }
  }

  /** The one network of a node that has no file. */
  final NetworkSettings network(String path, List<Attached<Uplink>> uplinks) {
    return new NetworkSettings(
        NetworkSettings.DEFAULT_NAME,
        path,
        BridgeSettings.DEFAULTS,
        0,
        PortPolicy.CLIENT,
        taps(),
        uplinks,
        List.of(),
        List.of());
  }

  final Congestion congestion() {
    try {
      return Congestion.choose(congestion);
    } catch (IllegalArgumentException e) {
      throw usage(String.valueOf(e.getMessage()));
    }
  }

  /** Wrong options: one line, exit status 2. */
  final ParameterException usage(String message) {
    return new ParameterException(requireNonNull(spec).commandLine(), message);
  }
}
