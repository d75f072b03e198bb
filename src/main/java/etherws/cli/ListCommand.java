package etherws.cli;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Asks a node for a list, and prints it for people or as JSON. */
abstract class ListCommand implements Callable<Integer> {
  @Mixin private ControlSocket socket = new ControlSocket();
  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--json", description = "print what the node answers, as JSON, for programs")
  private boolean json;

  private final String path;

  ListCommand(String path) {
    this.path = path;
  }

  /** What people read. */
  abstract String print(Fields answer, Instant now, ZoneId zone);

  @Override
  public final Integer call() throws AskException {
    String answer = socket.client().get(path);
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    if (json) {
      out.println(answer);
    } else {
      out.print(print(Fields.of(answer), Instant.now(), ZoneId.systemDefault()));
    }
    out.flush();
    return ExitStatus.OK.code();
  }

  /** The socket that was asked, for a command below this one. */
  final ControlSocket socket() {
    return socket;
  }
}
