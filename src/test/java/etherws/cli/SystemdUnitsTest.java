package etherws.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import etherws.testing.Command;
import etherws.testing.Figure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** The units in {@code systemd/}. */
class SystemdUnitsTest {
  private static final Path UNITS = Path.of("systemd");
  private static final Pattern LEVEL = Pattern.compile("exposure level for \\S+: ([0-9.]+)");
  private static final Pattern OPTION = Pattern.compile("(?<=\\s)--[a-z-]+");
  private static final double MOST = 2.5;

  @TempDir private Path folder;

  static Stream<Path> units() throws IOException {
    List<Path> units;
    try (Stream<Path> files = Files.list(UNITS)) {
      units = files.filter(file -> file.toString().endsWith(".service")).sorted().toList();
    }
    assertThat(units).hasSize(3);
    return units.stream();
  }

  @ParameterizedTest
  @MethodSource("units")
  void leaveLittleToAnIntruder(Path unit) throws IOException {
    // A template is judged as one of its instances.
    String name = String.valueOf(unit.getFileName());
    Path instance = Files.copy(unit, folder.resolve(name.replace("@.", "@lab.")));
    boolean there = Command.of("systemd-analyze", "--version").run().status() == 0;
    assumeTrue(there, "needs systemd-analyze: run ./test as root");
    Command.Result judged =
        Command.of("systemd-analyze", "security", "--offline=true", "--no-pager", instance + "")
            .run();
    assertThat(judged.status()).as(judged.output()).isZero();

    MatchResult level =
        LEVEL.matcher(judged.output()).results().findFirst().orElseThrow(AssertionError::new);

    double exposure = Double.parseDouble(level.group(1));
    Figure.print("exposure of " + name, "%.1f (at most %.1f)", exposure, MOST);
    assertThat(exposure).isLessThanOrEqualTo(MOST);
  }

  @ParameterizedTest
  @MethodSource("units")
  void startWhatThereIs(Path unit) throws IOException {
    String start =
        Files.readString(unit)
            .replace("\\\n", " ")
            .lines()
            .filter(line -> line.startsWith("ExecStart="))
            .findFirst()
            .orElseThrow();
    CommandLine command =
        requireNonNull(Etherws.line().getSubcommands().get(start.split(" +", -1)[1]));

    assertThat(OPTION.matcher(start).results().map(MatchResult::group))
        .contains("--foreground", "--run-as")
        .allSatisfy(option -> assertThat(command.getCommandSpec().findOption(option)).isNotNull());
  }

  @ParameterizedTest
  @MethodSource("units")
  void tellAndAreWatched(Path unit) throws IOException {
    assertThat(Files.readAllLines(unit))
        .contains("Type=notify", "WatchdogSec=30", "MemoryDenyWriteExecute=no", "User=etherws");
  }

  /** Else the user could plant links for root's other nodes to follow. */
  @ParameterizedTest
  @MethodSource("units")
  void haveAFolderOfTheirOwnInThatOfRoot(Path unit) throws IOException {
    String own = String.valueOf(unit.getFileName()).replaceAll("etherws-|.service", "");

    assertThat(Files.readAllLines(unit))
        .filteredOn(line -> line.startsWith("RuntimeDirectory"))
        .containsExactly("RuntimeDirectory=etherws/" + own.replace("@", "-%i"));
  }
}
