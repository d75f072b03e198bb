package etherws.cli;

import java.util.List;
import java.util.concurrent.Callable;
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
    usageHelpAutoWidth = true,
    subcommands = {ServerCommand.class, ClientCommand.class, DemoCommand.class})
public final class Etherws implements Callable<Integer> {
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

  /** Runs one command line; the process should end with the status returned. */
  public static int run(String[] args) {
    CommandLine line = new CommandLine(new Etherws());
    line.setParameterExceptionHandler((problem, _) -> wrongOption(problem));
    line.setExecutionExceptionHandler((problem, command, _) -> failed(problem, command));
    return line.execute(args);
  }

  /** No subcommand: say what there is. */
  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "say what to be: server or client");
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
    line.getErr().println("etherws: " + ExitStatus.reason(problem));
    return status.code();
  }

  List<String> devices() {
    return devices.isEmpty() ? List.of("ethws%d") : devices;
  }

  boolean foreground() {
    return foreground;
  }

  boolean debug() {
    return debug;
  }
}
