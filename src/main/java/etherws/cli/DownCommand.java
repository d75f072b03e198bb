package etherws.cli;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code etherws down}: the end of what {@code up} began. */
@Command(
    name = "down",
    description = "End the node that 'etherws up NAME' began, and wait until it is gone.")
final class DownCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "NAME", description = "the name that it was begun with")
  private String name = "";

  @Override
  public Integer call() throws Exception {
    Instance instance;
    try {
      instance = Instance.named(name);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          requireNonNull(spec).commandLine(), String.valueOf(e.getMessage()));
    }
    instance.stop();
    return ExitStatus.OK.code();
  }
}
