package etherws.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code etherws fdb flush}. */
@Command(
    name = "flush",
    description = "Forget learned addresses: all, or those of a network or port.")
final class FlushCommand extends TellCommand {
  @Option(names = "--network", paramLabel = "N", description = "only addresses of this network")
  private @Nullable String network;

  @Option(names = "--port", paramLabel = "P", description = "only addresses of this port")
  private @Nullable String port;

  @Override
  String tell(NodeClient node) throws AskException {
    if (port != null) {
      Fields chosen = Choice.port(node, port, network);
      return node.post(
          "/v1/fdb/flush",
          "{\"network\":%s,\"port\":%s}"
              .formatted(quoted(chosen.text("network")), chosen.text("number")));
    }
    return node.post(
        "/v1/fdb/flush",
        network == null ? NOTHING_MORE : "{\"network\":%s}".formatted(quoted(network)));
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
