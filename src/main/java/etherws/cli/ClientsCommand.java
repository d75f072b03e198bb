package etherws.cli;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code etherws clients}. */
@Command(name = "clients", description = "List the clients connected to a running node.")
final class ClientsCommand extends ListCommand {
  ClientsCommand() {
    super("/v1/clients");
  }

  @Override
  String print(Fields answer, Instant now, ZoneId zone) {
    Table table = new Table("Port", "Name", "User", "Address", "Wire", "TLS", "For", ">RTT");
    for (Fields client : answer.objects("clients")) {
      table.row(
          client.port(),
          client.text("name"),
          client.text("user"),
          client.text("address"),
          client.text("wire"),
          client.text("tls"),
          Human.since(client.text("since"), now),
          millis(client.values().get("rtt_millis")));
    }
    return table.isEmpty() ? "no clients\n" : table.toString();
  }

  private static String millis(@Nullable Object rtt) {
    return rtt instanceof Number millis
        ? String.format(Locale.ROOT, "%.1f ms", millis.doubleValue())
        : "";
  }
}
