package etherws.cli;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code etherws run}: the node of any configuration file. */
@Command(
    name = "run",
    description = "Run the networks of a configuration file.",
    footer = {"", "SIGHUP has FILE, certificates and htpasswd read again, SIGTERM ends the node."})
final class RunCommand extends FileCommand {
  @Parameters(paramLabel = "FILE", description = "the configuration file (TOML)")
  private @Nullable Path file;

  @Override
  Path file() {
    return requireNonNull(file);
  }
}
