package etherws.cli;

import java.time.Instant;
import java.time.ZoneId;
import picocli.CommandLine.Command;

/** {@code etherws drops}. */
@Command(name = "drops", description = "List which frames a running node has dropped, and why.")
final class DropsCommand extends ListCommand {
  DropsCommand() {
    super("/v1/drops");
  }

  @Override
  String print(Fields answer, Instant now, ZoneId zone) {
    Table table = new Table("Port", "Name", ">Frames", "Reason", "Meaning");
    for (Fields drop : answer.objects("drops")) {
      table.row(
          drop.port(),
          drop.text("name"),
          drop.text("count"),
          drop.text("reason"),
          drop.text("sentence"));
    }
    return table.isEmpty() ? "no frames dropped\n" : table.toString();
  }
}
