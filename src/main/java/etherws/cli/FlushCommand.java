package etherws.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import etherws.control.Json;
import java.util.HashMap;
import java.util.Map;
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
    Map<String, Object> scope = new HashMap<>();
    if (port != null) {
      Fields chosen = Choice.port(node, port, network);
      scope.put("network", chosen.text("network"));
      scope.put("port", chosen.number("number"));
    } else if (network != null) {
      scope.put("network", network);
    }
    return node.post("/v1/fdb/flush", new String(Json.write(scope), UTF_8));
  }
}
