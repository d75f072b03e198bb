package etherws.cli;

import java.time.Instant;
import java.time.ZoneId;
import picocli.CommandLine.Command;

/** {@code etherws fdb}. */
@Command(
    name = "fdb",
    description = "List the addresses that a running node has learned.",
    subcommands = FlushCommand.class)
final class FdbCommand extends ListCommand {
  FdbCommand() {
    super("/v1/fdb");
  }

  @Override
  String print(Fields answer, Instant now, ZoneId zone) {
    Table table = new Table("Network", ">VLAN", "MAC", "Port", "Name", ">Age");
    for (Fields entry : answer.objects("fdb")) {
      table.row(
          entry.text("network"),
          entry.number("vid") == 0 ? "" : entry.text("vid"),
          entry.text("mac"),
          entry.text("number"),
          entry.text("name"),
          Human.age(entry.number("age_seconds")));
    }
    return table.isEmpty() ? "no addresses learned\n" : table.toString();
  }
}
