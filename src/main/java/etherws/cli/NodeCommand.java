package etherws.cli;

import static java.util.Objects.requireNonNull;

import etherws.config.LogSettings;
import etherws.control.SocketFolder;
import etherws.linux.User;
import etherws.node.Daemon;
import etherws.node.Logs;
import etherws.node.Node;
import etherws.node.NodeSettings;
import etherws.node.Signals;
import etherws.node.Supervisor;
import java.nio.file.Path;
import java.security.Security;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** A subcommand that becomes a node: the options and the life that all share. */
abstract class NodeCommand implements Callable<Integer> {
  private static final Logger log = LoggerFactory.getLogger(NodeCommand.class);

  @ParentCommand private Etherws program = new Etherws();
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--log-file",
      paramLabel = "FILE",
      description = "log to FILE (default in the background: syslog)")
  private @Nullable Path logFile;

  @Option(names = "--pid-file", paramLabel = "FILE", description = "write the process id to FILE")
  private @Nullable Path pidFile;

  @Option(
      names = "--run-as",
      paramLabel = "USER[:GROUP]",
      description = "become this user once all is up, without any privilege")
  private @Nullable String runAs;

  private @Nullable NodeSettings given;
  private @Nullable Logs logs;
  private volatile boolean broken;

  /** What is logged, and where. Asked first: nothing can be logged yet. */
  LogSettings log() throws Exception {
    return new LogSettings(program.debug() ? Level.DEBUG : Level.INFO, logFile);
  }

  /** Reads everything the operator may have got wrong; nothing has started yet. */
  abstract NodeSettings settings() throws Exception;

  /** What they are now, for a reload: what the options said stays said. */
  NodeSettings reread() throws Exception {
    return requireNonNull(given);
  }

  /** How much is logged from now on. */
  final void logLevel(Level level) {
    requireNonNull(logs).level(level);
  }

  /** What people call the node. */
  String name() {
    return commandName();
  }

  /** Where the process id goes; null is nowhere. */
  @Nullable Path pidFile() {
    return pidFile;
  }

  /** Whom the process becomes; null stays who it is. */
  @Nullable String runAs() {
    return runAs;
  }

  @Override
  public final Integer call() throws Exception {
    lookNamesUpAgain();
    program.awaitPreload();
    LogSettings settings = log();
    Logs logs = new Logs(settings.level());
    this.logs = logs;
    try {
      return live(program.foreground() ? null : Daemon.fromLauncher(), logs, settings.file());
    } finally {
      logs.close();
    }
  }

  /** From the options to the end of the node. */
  private int live(@Nullable Daemon daemon, Logs logs, @Nullable Path logFile) throws Exception {
    if (daemon == null) {
      logs.toTerminal();
      if (logFile != null) {
        logs.toFile(logFile);
      }
    } else {
      logs.toBackground(logFile);
    }
    NodeSettings settings = settings();
    given = settings;
    User user = user();
    Supervisor supervisor = Supervisor.of(System.getenv());
    Node node = new Node(name(), Version.number(), settings, this::reread, logs::level);
    Signals signals = new Signals(Thread.currentThread()); // before, they end us as any process
    try {
      node.start();
    } catch (Exception e) {
      if (signals.status() == 0) {
        throw e;
      }
      return daemon == null ? ExitStatus.OK.code() : signals.status();
    } finally {
      signals.started();
    }
    node.onBroken(reason -> {
      log.error("{}; stopping", reason);
      broken = true;
      signals.stop();
    });
    Runnable forgetPid = () -> {};
    try {
      Path pid = pidFile();
      if (pid != null) {
        forgetPid = Daemon.pidFile(pid, user);
      }
      if (user != null) {
        node.confine(user);
      }
      if (daemon != null) {
        logs.leaveTerminal();
        daemon.detach();
      }
      supervisor.ready(node.summary());
      if (supervisor.pulse() != null) {
        node.watch(supervisor.pulse(), supervisor::alive);
      }
      while (signals.await() == Signals.Request.RELOAD) {
        Thread.startVirtualThread(() -> reload(node, supervisor)); // SIGTERM doesn't wait for it
      }
    } finally {
      supervisor.stopping();
      node.stop();
      forgetPid.run();
    }
    return broken ? ExitStatus.FAILURE.code() : ExitStatus.OK.code();
  }

  private static void reload(Node node, Supervisor supervisor) {
    supervisor.reloading();
    String problem = node.reload();
    supervisor.ready(problem == null ? node.summary() : "the old settings stay: " + problem);
  }

  private @Nullable User user() {
    String name = runAs();
    try {
      return name == null ? null : User.of(name);
    } catch (IllegalArgumentException e) {
      throw usage("--run-as: " + e.getMessage());
    }
  }

  /** Java keeps a name's addresses for 30 s; a reconnecting spoke wants those of now. */
  private static void lookNamesUpAgain() {
    Security.setProperty("networkaddress.cache.ttl", "0");
    Security.setProperty("networkaddress.cache.negative.ttl", "0");
  }

  /** The options that stand before or after the subcommand. */
  final Etherws program() {
    return program;
  }

  /** A socket to ask it at, of a node that has no file to name one; null where none can be made. */
  final @Nullable Path controlSocket() {
    Path folder = SocketFolder.writable();
    String file = "%s-%d.sock".formatted(name(), ProcessHandle.current().pid());
    return folder == null ? null : folder.resolve(file);
  }

  /** {@code server}, {@code client}, {@code run}, ... */
  final String commandName() {
    return requireNonNull(spec).name();
  }

  /** Wrong options: one line, exit status 2. */
  final ParameterException usage(String message) {
    return new ParameterException(requireNonNull(spec).commandLine(), message);
  }
}
