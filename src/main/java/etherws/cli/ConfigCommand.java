package etherws.cli;

import static java.util.Objects.requireNonNull;

import etherws.config.ConfigException;
import etherws.config.NodeConfig;
import etherws.node.NetworkSettings;
import etherws.node.NodeSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code etherws config}: looks at a configuration file, starts nothing. */
@Command(name = "config", description = "Check or show a configuration file.")
final class ConfigCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    throw new ParameterException(requireNonNull(spec).commandLine(), "say what: check or show");
  }

  @Command(description = "Tell what is wrong in a file, or that nothing is.")
  int check(
      @Parameters(paramLabel = "FILE", description = "the configuration file (TOML)") Path file)
      throws ConfigException {
    NodeConfig config = FileCommand.open(file).read();
    config.warnings().forEach(warning -> err().println("warning: " + warning));
    out().println(file + ": OK: " + summary(config.node()));
    return ExitStatus.OK.code();
  }

  @Command(description = "Print the settings in effect, each with where it is from, as TOML.")
  int show(
      @Parameters(paramLabel = "FILE", description = "the configuration file (TOML)") Path file)
      throws ConfigException {
    out().print(FileCommand.open(file).show());
    out().flush();
    return ExitStatus.OK.code();
  }

  private static String summary(NodeSettings node) {
    int ports = node.networks().stream().mapToInt(ConfigCommand::ports).sum();
    return "%s, %s, %s, %s"
        .formatted(
            count(node.networks().size(), "network"),
            count(ports, "port"),
            count(node.listeners().size(), "listener"),
            count(node.users().named().size(), "user"));
  }

  private static int ports(NetworkSettings network) {
    return network.taps().size()
        + network.uplinks().size()
        + network.netdevs().size()
        + network.streams().size();
  }

  private static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  private PrintWriter out() {
    return requireNonNull(spec).commandLine().getOut();
  }

  private PrintWriter err() {
    return requireNonNull(spec).commandLine().getErr();
  }
}
