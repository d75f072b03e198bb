package etherws.cli;

import java.time.Instant;
import java.time.ZoneId;
import picocli.CommandLine.Command;

/** {@code etherws status}. */
@Command(name = "status", description = "Show how a running node is, and what is wrong with it.")
final class StatusCommand extends ListCommand {
  StatusCommand() {
    super("/v1/status");
  }

  @Override
  String print(Fields answer, Instant now, ZoneId zone) {
    String unready = answer.text("unready");
    StringBuilder text = new StringBuilder();
    text.append(
        "etherws %s \"%s\", process %s, up %s: %s%n"
            .formatted(
                answer.text("version"),
                answer.text("name"),
                answer.text("pid"),
                Human.age(answer.number("uptime_seconds")),
                unready.isEmpty() ? "ready" : "not ready, " + unready));
    text.append(
        "networks: %s, ports: %s, clients: %s%n"
            .formatted(answer.text("networks"), answer.text("ports"), answer.text("clients")));
    if (answer.objects("troubles").isEmpty()) {
      text.append("all ports are up\n");
    }
    answer.objects("troubles").forEach(port -> text.append(trouble(port, zone)).append('\n'));
    return text.toString();
  }

  /** A port that is not up, in a sentence. */
  static String trouble(Fields port, ZoneId zone) {
    String reason = port.text("reason");
    String until = Human.timeOfDay(port.text("until"), zone);
    String state =
        switch (port.text("state")) {
          case "loop" -> "is shut because of a loop";
          case "shut" -> "is shut";
          default -> "is " + port.text("state");
        };
    return "port %s (%s) %s%s%s"
        .formatted(
            port.port(),
            port.text("name"),
            state,
            until.isEmpty() ? "" : " until " + until,
            reason.isEmpty() ? "" : ": " + reason);
  }
}
