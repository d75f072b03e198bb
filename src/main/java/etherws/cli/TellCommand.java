package etherws.cli;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Has a node do something, and prints what it says to it. */
abstract class TellCommand implements Callable<Integer> {
  static final String NOTHING_MORE = "{}";

  @Mixin private ControlSocket socket = new ControlSocket();
  @Spec private @Nullable CommandSpec spec;

  abstract String tell(NodeClient node) throws AskException;

  @Override
  public final Integer call() throws AskException {
    String message = tell(socket.client());
    if (!message.isEmpty()) {
      PrintWriter out = requireNonNull(spec).commandLine().getOut();
      out.println(message);
      out.flush();
    }
    return ExitStatus.OK.code();
  }
}
