package etherws.cli;

import java.time.Instant;
import java.time.ZoneId;
import picocli.CommandLine.Command;

/** {@code etherws ports}. */
@Command(
    name = "ports",
    description = "List the ports of a running node: where frames come in and leave.")
final class PortsCommand extends ListCommand {
  PortsCommand() {
    super("/v1/ports");
  }

  @Override
  String print(Fields answer, Instant now, ZoneId zone) {
    if (answer.objects("ports").isEmpty()) {
      return "no ports\n";
    }
    Table table =
        new Table(
            "Port",
            "Name",
            "Type",
            "State",
            "For",
            "VLAN",
            ">MACs",
            ">Frames in",
            ">Octets in",
            ">Frames out",
            ">Octets out",
            ">Dropped");
    StringBuilder troubles = new StringBuilder();
    for (Fields port : answer.objects("ports")) {
      table.row(
          port.port(),
          port.text("name"),
          port.text("type"),
          port.text("state"),
          Human.since(port.text("since"), now),
          vlan(port.object("policy")),
          port.text("macs"),
          port.text("ingress_frames"),
          Human.octets(port.number("ingress_octets")),
          port.text("egress_frames"),
          Human.octets(port.number("egress_octets")),
          Long.toString(port.object("drops").sum()));
      if (!port.text("state").equals("up")) {
        troubles.append(StatusCommand.trouble(port, zone)).append('\n');
      }
    }
    return troubles.isEmpty() ? table.toString() : table + "\n" + troubles;
  }

  private static String vlan(Fields policy) {
    long pvid = policy.number("pvid");
    String tagged = policy.text("tagged");
    String vlan;
    if (pvid == 0 && tagged.equals("all")) {
      vlan = "any";
    } else {
      String untagged = pvid > 0 ? Long.toString(pvid) : "";
      vlan = tagged.isEmpty() ? untagged : (untagged + " tagged " + tagged).strip();
    }
    return policy.is("isolated") ? (vlan + " isolated").strip() : vlan;
  }
}
