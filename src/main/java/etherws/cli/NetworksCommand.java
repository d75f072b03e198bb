package etherws.cli;

import java.time.Instant;
import java.time.ZoneId;
import picocli.CommandLine.Command;

/** {@code etherws networks}. */
@Command(name = "networks", description = "List the networks of a running node.")
final class NetworksCommand extends ListCommand {
  NetworksCommand() {
    super("/v1/networks");
  }

  @Override
  String print(Fields answer, Instant now, ZoneId zone) {
    Table table =
        new Table("Network", "Path", ">Ports", ">Clients", ">MACs", ">of", "Ageing", "VLANs seen");
    for (Fields network : answer.objects("networks")) {
      long limit = network.number("max_clients");
      table.row(
          network.text("name"),
          network.text("path"),
          network.text("ports"),
          network.text("clients") + (limit > 0 ? " of " + limit : ""),
          network.text("fdb_size"),
          network.text("fdb_limit"),
          Human.age(network.number("ageing_seconds")),
          String.join(",", network.texts("vlans").stream().map(NetworksCommand::vlan).toList()));
    }
    return table.isEmpty() ? "no networks\n" : table.toString();
  }

  private static String vlan(String vid) {
    return vid.equals("0") ? "untagged" : vid;
  }
}
