package etherws.cli;

import picocli.CommandLine.Command;

/** {@code etherws reload}. */
@Command(
    name = "reload",
    description = "Have a running node read its settings again; if they are wrong nothing changes.")
final class ReloadCommand extends TellCommand {
  @Override
  String tell(NodeClient node) throws AskException {
    return node.post("/v1/reload", NOTHING_MORE);
  }
}
