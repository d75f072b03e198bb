package etherws.cli;

import etherws.node.Preload;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The program's own options, which stand before or after the subcommand as in etherws 0.4. */
@Command(
    name = "etherws",
    description =
        "Ethernet over WebSocket: a virtual cable and switch that goes wherever HTTPS goes.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    scope = ScopeType.INHERIT,
    sortOptions = false,
    usageHelpAutoWidth = true)
public final class Etherws implements Callable<Integer> {
  private static final Map<String, Class<?>> SUBCOMMANDS = new LinkedHashMap<>();

  /** Those that become a node. */
  private static final List<String> NODES = List.of("server", "client", "run", "up", "sw");

  static {
    SUBCOMMANDS.put("server", ServerCommand.class);
    SUBCOMMANDS.put("client", ClientCommand.class);
    SUBCOMMANDS.put("run", RunCommand.class);
    SUBCOMMANDS.put("up", UpCommand.class);
    SUBCOMMANDS.put("down", DownCommand.class);
    SUBCOMMANDS.put("config", ConfigCommand.class);
    SUBCOMMANDS.put("status", StatusCommand.class);
    SUBCOMMANDS.put("networks", NetworksCommand.class);
    SUBCOMMANDS.put("ports", PortsCommand.class);
    SUBCOMMANDS.put("clients", ClientsCommand.class);
    SUBCOMMANDS.put("fdb", FdbCommand.class);
    SUBCOMMANDS.put("drops", DropsCommand.class);
    SUBCOMMANDS.put("capture", CaptureCommand.class);
    SUBCOMMANDS.put("kick", KickCommand.class);
    SUBCOMMANDS.put("shut", ShutCommand.class);
    SUBCOMMANDS.put("noshut", NoshutCommand.class);
    SUBCOMMANDS.put("reload", ReloadCommand.class);
    SUBCOMMANDS.put("log-level", LogLevelCommand.class);
    SUBCOMMANDS.put("sw", SwCommand.class);
    SUBCOMMANDS.put("ctl", CtlCommand.class);
    SUBCOMMANDS.put("demo", DemoCommand.class);
    SUBCOMMANDS.put("train", TrainCommand.class);
  }

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--device",
      paramLabel = "NAME",
      scope = ScopeType.INHERIT,
      description = {
        "TAP device; %%d is the first free number. Give it again for more ports.",
        "(default: ethws%%d)"
      })
  private List<String> devices = List.of();

  @Option(
      names = "--foreground",
      scope = ScopeType.INHERIT,
      description = "stay in the foreground, log to standard error")
  private boolean foreground;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "log more, and stack traces with errors")
  private boolean debug;

  private @Nullable Preload preload;

  /** Runs one command line; the process should end with the status returned. */
  public static int run(String[] args) {
    List<String> arguments = List.of(args);
    HiddenArguments.hide(arguments);
    Etherws program = new Etherws();
    if (NODES.stream().anyMatch(arguments::contains)) {
      program.preload = Preload.start(arguments.stream().anyMatch(Etherws::hintsAtTls));
    }
    return line(program, subcommandsFor(arguments)).execute(args);
  }

  /** The whole command line. */
  static CommandLine line() {
    return line(new Etherws(), SUBCOMMANDS.keySet());
  }

  private static CommandLine line(Etherws program, Set<String> subcommands) {
    CommandLine line = new CommandLine(program);
    subcommands.forEach(name -> line.addSubcommand(SUBCOMMANDS.get(name)));
    line.setParameterExceptionHandler((problem, _) -> wrongOption(problem));
    line.setExecutionExceptionHandler((problem, command, _) -> failed(problem, command));
    return line;
  }

  /** Those that may be meant, or all to choose from: reading a command's annotations takes long. */
  private static Set<String> subcommandsFor(List<String> arguments) {
    Set<String> named = new LinkedHashSet<>(SUBCOMMANDS.keySet());
    named.retainAll(arguments);
    boolean help = arguments.contains("--help") || arguments.contains("-h");
    return named.isEmpty() || help ? SUBCOMMANDS.keySet() : named;
  }

  private static boolean hintsAtTls(String argument) {
    return argument.startsWith("--keyfile")
        || argument.startsWith("--sslkey")
        || argument.contains("wss:");
  }

  /** No subcommand: say what there is. */
  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "say what to be: server, client, or run FILE");
  }

  private static int wrongOption(ParameterException problem) {
    CommandLine line = problem.getCommandLine();
    line.getErr().println("etherws: " + problem.getMessage());
    line.getErr().println("Try '" + line.getCommandSpec().qualifiedName() + " --help'.");
    return ExitStatus.USAGE.code();
  }

  private static int failed(Exception problem, CommandLine line) {
    ExitStatus status = ExitStatus.of(problem);
    boolean debug = ((Etherws) line.getCommandSpec().root().userObject()).debug;
    if (debug || status == ExitStatus.INTERNAL) {
      problem.printStackTrace(line.getErr());
    }
    // A file's problems start with the file, so that editors find the place.
    String program = status == ExitStatus.CONFIG ? "" : "etherws: ";
    line.getErr().println(program + ExitStatus.reason(problem));
    return status.code();
  }

  List<String> devices() {
    return devices.isEmpty() ? List.of("ethws%d") : devices;
  }

  /** Whether {@code --device} was given. */
  boolean namesDevices() {
    return !devices.isEmpty();
  }

  /** Netty and native calls may be used from now on. */
  void awaitPreload() throws InterruptedException {
    if (preload != null) {
      preload.await();
    }
  }

  boolean foreground() {
    return foreground;
  }

  boolean debug() {
    return debug;
  }
}
