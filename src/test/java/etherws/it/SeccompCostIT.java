package etherws.it;

import static etherws.testing.Pair.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.testing.Command;
import etherws.testing.Figure;
import etherws.testing.Pair;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What {@code --run-as} costs: its filter looks at every system call. */
@Tag("long")
class SeccompCostIT {
  private static final Pattern RECEIVED =
      Pattern.compile("\"sum_received\":\\s*\\{[^}]*\"bits_per_second\":\\s*([0-9.e+]+)");
  private static final int ROUNDS = 4;

  @Test
  void aSystemCallTakesHardlyLonger() {
    String[] nanos =
        Command.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "etherws.linux.SyscallCost")
            .succeed()
            .strip()
            .split(" ", -1);

    double without = Double.parseDouble(nanos[0]);
    double with = Double.parseDouble(nanos[1]);
    Figure.print(
        "read or write of 8 octets, without and with the filter",
        "%.0f ns, %.0f ns",
        without,
        with);
    assertThat(with).isLessThan(without + 100);
  }

  @Test
  void aTunnelCarriesAsMuch() throws Exception {
    List<Double> without = new ArrayList<>();
    List<Double> with = new ArrayList<>();
    for (int round = 0;
        round < ROUNDS;
        round++) { // in turns, as other work on the machine comes and goes
      without.add(gigabits());
      with.add(gigabits("--run-as", "nobody"));
    }
    double median = median(without);
    double medianWith = median(with);
    Figure.print(
        "TCP through a tunnel, without and with --run-as",
        "%.2f Gbit/s, %.2f Gbit/s (%.1f %%), medians of %d in turns; without %s, with %s",
        median,
        medianWith,
        100 * (medianWith / median - 1),
        ROUNDS,
        without,
        with);
  }

  private static double gigabits(String... options) throws Exception {
    try (Pair pair = Pair.open()) {
      pair.startServer(options);
      List<String> words = new ArrayList<>(List.of("--uri", "ws://" + SERVER + "/"));
      words.addAll(List.of(options));
      pair.startClient(words.toArray(String[]::new));
      pair.server.run("iperf3", "-s", "-D", "-1");
      String report =
          pair.client
              .command("iperf3", "-J", "-O", "1", "-t", "4", "-c", Pair.SERVER_TAP)
              .within(Duration.ofSeconds(30))
              .succeed();
      Matcher rate = RECEIVED.matcher(report);
      assertThat(rate.find()).as(report).isTrue();
      return Math.round(Double.parseDouble(rate.group(1)) / 1e7) / 100.0;
    }
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
  }
}
