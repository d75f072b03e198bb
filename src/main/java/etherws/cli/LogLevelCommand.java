package etherws.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code etherws log-level}. */
@Command(name = "log-level", description = "Change how much a running node logs.")
final class LogLevelCommand extends TellCommand {
  private enum Level {
    error,
    warn,
    info,
    debug
  }

  @Parameters(paramLabel = "LEVEL", description = "${COMPLETION-CANDIDATES}")
  private Level level = Level.info;

  @Override
  String tell(NodeClient node) throws AskException {
    return node.post("/v1/log-level", "{\"level\":\"" + level + "\"}");
  }
}
