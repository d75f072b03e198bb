package etherws.cli;

import static java.util.Objects.requireNonNull;

import java.io.Closeable;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code etherws up}: the node of a file in {@code /etc/etherws}. */
@Command(
    name = "up",
    description = "Run /etc/etherws/NAME.toml, with its process id in /run/etherws/NAME.pid.",
    footer = {"", "'etherws down NAME' ends it."})
final class UpCommand extends FileCommand {
  @Parameters(paramLabel = "NAME", description = "the file's name without .toml")
  private String name = "";

  private @Nullable Instance instance;

  /** Until the process ends. */
  @SuppressWarnings("UnusedVariable")
  private @Nullable Closeable claim;

  @Override
  Path file() throws Exception {
    Instance named;
    try {
      named = Instance.named(name);
    } catch (IllegalArgumentException e) {
      throw usage(String.valueOf(e.getMessage()));
    }
    claim = named.claim();
    instance = named;
    return named.file();
  }

  @Override
  Path pidFile() {
    Path given = super.pidFile();
    return given == null ? requireNonNull(instance).pidFile() : given;
  }
}
