package etherws.cli;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds what somebody means by a word. */
final class Choice {
  private Choice() {}

  /** A port by number, name or NETWORK/NUMBER. */
  static Fields port(NodeClient node, String word, @Nullable String network) throws AskException {
    List<Fields> ports =
        Fields.of(node.get("/v1/ports")).objects("ports").stream()
            .filter(port -> network == null || port.text("network").equals(network))
            .toList();
    return one("port", word, ports, List.of("number", "name"));
  }

  /** A client by port, name, user or address. */
  static Fields client(NodeClient node, String word) throws AskException {
    List<Fields> clients = Fields.of(node.get("/v1/clients")).objects("clients");
    return one("client", word, clients, List.of("number", "name", "user", "address"));
  }

  private static Fields one(String kind, String word, List<Fields> all, List<String> keys)
      throws AskException {
    List<Fields> meant =
        all.stream()
            .filter(item ->
                Stream.concat(Stream.of(item.port()), keys.stream().map(item::text))
                    .anyMatch(word::equals))
            .toList();
    if (meant.size() == 1) {
      return meant.getFirst();
    }
    if (meant.isEmpty()) {
      throw new AskException(
          ExitStatus.NO_SUCH, "no %s %s; etherws %ss lists them".formatted(kind, word, kind));
    }
    String names = meant.stream().map(Fields::port).collect(Collectors.joining(", "));
    throw new AskException(
        ExitStatus.USAGE, "%s may be any of %s; say which".formatted(word, names));
  }
}
