package etherws.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code etherws kick}. */
@Command(name = "kick", description = "End a client's session; it may connect again.")
final class KickCommand extends TellCommand {
  @Parameters(
      paramLabel = "CLIENT",
      description = "its port (number or NETWORK/NUMBER), name, user or address")
  private String client = "";

  @Override
  String tell(NodeClient node) throws AskException {
    return node.post("/v1/clients/" + Choice.client(node, client).port() + "/kick", NOTHING_MORE);
  }
}
