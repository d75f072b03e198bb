package etherws.cli;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** One method of etherws 1.x's control port; prints what comes back as that version did. */
abstract class CtlCall implements Callable<Integer> {
  private static final List<String> PORT = List.of("Port", "Type", "State", "RX", "TX", "Target");
  private static final List<String> INTERFACE =
      List.of("Port", "Type", "Address", "Netmask", "MTU", "Target");
  private static final List<String> FDB = List.of("Port", "VLAN", "MAC", "Age");

  @ParentCommand private CtlCommand ctl = new CtlCommand();
  @Spec private @Nullable CommandSpec spec;

  final int printPorts(String method, Map<String, ?> parameters)
      throws AskException, SecretException {
    return print(
        method,
        parameters,
        PORT,
        port ->
            List.of(
                port.text("port"),
                port.text("type"),
                port.is("shut") ? "shut" : "up",
                port.text("rx"),
                port.text("tx"),
                port.text("target")));
  }

  final int printInterfaces(String method, Map<String, ?> parameters)
      throws AskException, SecretException {
    return print(
        method,
        parameters,
        INTERFACE,
        device ->
            List.of(
                device.text("port"),
                device.text("type"),
                device.text("address"),
                device.text("netmask"),
                device.text("mtu"),
                device.text("target")));
  }

  final int printFdb() throws AskException, SecretException {
    return print(
        "listFdb",
        Map.of(),
        FDB,
        entry ->
            List.of(entry.text("port"), entry.text("vid"), entry.text("mac"), entry.text("age")));
  }

  final ParameterException usage(String message) {
    return new ParameterException(requireNonNull(spec).commandLine(), message);
  }

  private int print(
      String method,
      Map<String, ?> parameters,
      List<String> headings,
      Function<Fields, List<String>> row)
      throws AskException, SecretException {
    Fields answer = ctl.request(method, parameters);
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    Fields error = answer.object("error");
    boolean failed = !error.values().isEmpty();
    if (failed) {
      out.printf(
          "  %s (%s)%n    %s%n", error.text("message"), error.text("code"), error.text("data"));
    } else {
      List<List<String>> rows = new ArrayList<>(List.of(headings));
      answer.object("result").objects("entries").forEach(entry -> rows.add(row.apply(entry)));
      rows.forEach(cells -> out.println(line(cells, rows)));
    }
    out.flush();
    return failed ? ExitStatus.REFUSED.code() : ExitStatus.OK.code();
  }

  /** Each column as wide as its widest cell, the last one too. */
  private static String line(List<String> cells, List<List<String>> rows) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      int column = i;
      int width = rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
      line.append("  ").append(cells.get(i)).repeat(' ', width - cells.get(i).length());
    }
    return line.toString();
  }
}
