package etherws.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code etherws shut}. */
@Command(name = "shut", description = "Let no frame in or out by a port until noshut.")
final class ShutCommand extends TellCommand {
  @Parameters(paramLabel = "PORT", description = "its number, name or NETWORK/NUMBER")
  private String port = "";

  @Override
  String tell(NodeClient node) throws AskException {
    return node.post("/v1/ports/" + Choice.port(node, port, null).port() + "/shut", NOTHING_MORE);
  }
}
