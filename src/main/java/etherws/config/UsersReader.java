package etherws.config;

import etherws.bridge.PortPolicy;
import etherws.node.NetworkSettings;
import etherws.node.UsersSettings;
import etherws.node.UsersSettings.User;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** {@code [users]} and {@code [user.NAME]}. */
final class UsersReader {
  private final Map<String, NetworkSettings> networks;

  UsersReader(List<NetworkSettings> networks) {
    this.networks =
        networks.stream()
            .collect(
                Collectors.toMap(
                    NetworkSettings::name, Function.identity(), (a, _) -> a, LinkedHashMap::new));
  }

  UsersSettings read(Table root) {
    Table users = root.child(Schema.USERS);
    Path htpasswd = users.find(Schema.HTPASSWD);
    boolean unlisted = users.get(Schema.UNLISTED);
    Map<String, User> named = new LinkedHashMap<>();
    root.named(Schema.USER).forEach((name, table) -> named.put(name, user(name, table)));
    return new UsersSettings(htpasswd, unlisted, Map.copyOf(named));
  }

  private User user(String name, Table table) {
    if (name.isEmpty() || name.contains(":") || name.chars().anyMatch(Character::isISOControl)) {
      table.report("no user can have this name", "write it as it stands in the htpasswd file");
    }
    List<String> joined = table.find(Schema.USER_NETWORKS);
    Map<String, PortPolicy> policies = new LinkedHashMap<>();
    for (String network : joined == null ? List.copyOf(networks.keySet()) : joined) {
      NetworkSettings settings = networks.get(network);
      if (settings == null) {
        table.report(
            Schema.USER_NETWORKS,
            joined == null ? 0 : joined.indexOf(network),
            "there is no network " + network,
            hint(network));
      } else {
        policies.put(network, PolicyReader.read(table, settings.clients()));
      }
    }
    if (policies.isEmpty()) {
      PolicyReader.read(table, PortPolicy.CLIENT); // for its mistakes
    }
    policies.keySet().forEach(network -> table.listing().note("else as " + clientsOf(network)));
    return new User(Map.copyOf(policies), table.find(Schema.EXPIRES));
  }

  private String hint(String network) {
    String near = Nearest.of(network, networks.keySet());
    return near == null
        ? "known are " + String.join(", ", networks.keySet())
        : "did you mean " + near + "?";
  }

  private static String clientsOf(String network) {
    return Schema.CLIENTS.header(List.of("network", network, "clients"));
  }
}
