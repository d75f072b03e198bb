package etherws.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The manual page and the README know every option and every exit status of the program. */
class ManualTest {
  private static final Path MANUAL = Path.of("docs", "etherws.1");
  private static final Path README = Path.of("README.md");

  @Test
  void theManualPageHasEveryOption() throws IOException {
    String manual = plain(MANUAL);

    assertThat(options(Etherws.line()))
        .allSatisfy(option -> assertThat(manual).containsPattern(word(option)));
  }

  @Test
  void theReadmeHasEveryLongOption() throws IOException {
    String readme = Files.readString(README);

    assertThat(options(Etherws.line()))
        .filteredOn(option -> option.startsWith("--"))
        .allSatisfy(option -> assertThat(readme).containsPattern(word(option)));
  }

  @Test
  void theManualPageHasNoOptionThatIsGone() throws IOException {
    SortedSet<String> options = options(Etherws.line());
    Pattern heading = Pattern.compile("^\\.BI? (--[a-z-]+)", Pattern.MULTILINE);

    assertThat(heading.matcher(plain(MANUAL)).results().map(match -> match.group(1)))
        .isNotEmpty()
        .allSatisfy(option -> assertThat(options).contains(option));
  }

  @Test
  void theManualPageHasEveryExitStatusInItsOwnWords() throws IOException {
    String manual = plain(MANUAL);

    assertThat(ExitStatus.values())
        .allSatisfy(status ->
            assertThat(manual).contains(".B " + status.code() + "\n" + status.sentence()));
  }

  @Test
  void theReadmeHasEveryExitStatus() throws IOException {
    String readme = Files.readString(README);

    assertThat(ExitStatus.values())
        .allSatisfy(status -> assertThat(readme).contains("\n| " + status.code() + " | "));
  }

  /** The names of all options of the command and its subcommands. */
  private static SortedSet<String> options(CommandLine command) {
    SortedSet<String> names = new TreeSet<>();
    command
        .getCommandSpec()
        .options()
        .forEach(option -> names.addAll(Arrays.asList(option.names())));
    command.getSubcommands().values().forEach(sub -> names.addAll(options(sub)));
    return names;
  }

  private static Pattern word(String option) {
    return Pattern.compile("(?<![\\w-])" + Pattern.quote(option) + "(?![\\w-])");
  }

  /** The page's source with plain hyphens. */
  private static String plain(Path page) throws IOException {
    return Files.readString(page).replace("\\-", "-");
  }
}
