package etherws.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code etherws config} and the commands with a file print, and their exit statuses. */
class ConfigCommandTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final PrintStream realOut = System.out;
  private final PrintStream realErr = System.err;
  @TempDir private Path folder;

  @BeforeEach
  void listen() {
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void listenNoMore() {
    System.setOut(realOut);
    System.setErr(realErr);
  }

  @Test
  void checkCountsWhatIsInAGoodFile() throws IOException {
    Path file =
        write("[user.alice]\n[network.lab]\nnetdev = [{ device = \"eth1\" }]\n[network.guest]");

    assertThat(Etherws.run(new String[] {"config", "check", file.toString()})).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo(file + ": OK: 2 networks, 1 port, 0 listeners, 1 user\n");
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void checkWarnsOnStandardError() throws IOException {
    Path file = write("[[listen]]\n[network.lab]");

    assertThat(Etherws.run(new String[] {"config", "check", file.toString()})).isZero();
    assertThat(err.toString(StandardCharsets.UTF_8))
        .startsWith("warning: " + file + ":1:1: listen.port: NO AUTHENTICATION");
  }

  @Test
  void checkPrintsALineForEachMistake() throws IOException {
    Path file = write("colour = 1\n[network.lab]\nfdb-size = 0");

    assertThat(Etherws.run(new String[] {"config", "check", file.toString()})).isEqualTo(79);
    assertThat(err.toString(StandardCharsets.UTF_8).lines())
        .hasSize(2)
        .allMatch(line -> line.startsWith(file + ":"));
  }

  @Test
  void runDoesNotBeginWithABadFile() throws IOException {
    Path file = write("");

    assertThat(Etherws.run(new String[] {"run", file.toString(), "--foreground"})).isEqualTo(79);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo(file + ":1:1: there is no network; write [network.NAME]\n");
  }

  @Test
  void runLeavesTheDevicesToTheFile() throws IOException {
    Path file = write("[network.lab]");

    assertThat(Etherws.run(new String[] {"--device", "x", "run", file.toString()})).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("the file names the devices");
  }

  @Test
  void showPrintsToml() throws IOException {
    Path file = write("[network.lab]\nmax-clients = 7");

    assertThat(Etherws.run(new String[] {"config", "show", file.toString()})).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("\nmax-clients = 7");
  }

  @Test
  void configAloneSaysWhatThereIs() {
    assertThat(Etherws.run(new String[] {"config"})).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("check or show");
  }

  @Test
  void downNamesWhatDoesNotRun() {
    assertThat(Etherws.run(new String[] {"down", "no-such-node"})).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "etherws: no-such-node does not run: no process in /run/etherws/no-such-node.pid\n");
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("x.toml"), text);
  }
}
