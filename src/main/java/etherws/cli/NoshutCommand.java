package etherws.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code etherws noshut}. */
@Command(name = "noshut", description = "Open a port again, whoever has shut it.")
final class NoshutCommand extends TellCommand {
  @Parameters(paramLabel = "PORT", description = "its number, name or NETWORK/NUMBER")
  private String port = "";

  @Override
  String tell(NodeClient node) throws AskException {
    return node.post("/v1/ports/" + Choice.port(node, port, null).port() + "/noshut", NOTHING_MORE);
  }
}
