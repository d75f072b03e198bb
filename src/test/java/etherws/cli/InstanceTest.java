package etherws.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import etherws.testing.Command;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes that go by a name; a shell that waits stands in for the JVM. */
class InstanceTest {
  private static final String OBEYS = "echo up; read -r line";
  private static final String IGNORES_SIGTERM = "trap '' TERM; echo up; read -r line";

  @TempDir private Path folder;
  private @Nullable Process started;

  @AfterEach
  void endProcess() {
    if (started != null) {
      started.destroyForcibly();
    }
  }

  @Test
  void endsItsProcessAndWaits() throws Exception {
    Process process = start(OBEYS, "/opt/etherws.jar", "up", "hub");

    hub().stop();

    assertThat(process.waitFor()).isEqualTo(128 + 15);
  }

  @Test
  void doesNotRunTwice() throws Exception {
    Process process = start(OBEYS, "/opt/etherws.jar", "up", "hub");

    assertThatThrownBy(() -> hub().claim())
        .hasMessage("hub runs already, process %d; end it with: etherws down hub", process.pid());
  }

  @Test
  void runsAgainAfterACrash() throws Exception {
    Process process = start(OBEYS, "/opt/etherws.jar", "up", "hub");
    process.destroyForcibly().waitFor();

    hub().claim();

    assertThatThrownBy(() -> hub().stop()).hasMessageStartingWith("hub does not run");
  }

  @Test
  void leavesAStrangerAloneWhoHasTheNumberNow() throws Exception {
    Process process = start(OBEYS, "/opt/etherws.jar", "up", "another");

    hub().claim();
    assertThatThrownBy(() -> hub().stop()).hasMessageStartingWith("hub does not run");
    assertThat(process.isAlive()).isTrue();
  }

  @Test
  void saysWhichProcessDoesNotEnd() throws Exception {
    Process process = start(IGNORES_SIGTERM, "/opt/etherws.jar", "up", "hub");

    assertThatThrownBy(() -> hub().stop())
        .hasMessageStartingWith("process %d is still there", process.pid());
  }

  @Test
  void isStartedByOneOfTwo() throws Exception {
    Closeable first = hub().claim();

    assertThatThrownBy(() -> hub().claim()).hasMessage("hub is being started already");

    first.close();
    hub().claim().close();
  }

  @Test
  void makesTheFolderOfItsProcessId() throws Exception {
    Path pidFile = folder.resolve("run/etherws/hub.pid");

    new Instance("hub", folder.resolve("hub.toml"), pidFile, Duration.ZERO).claim();

    assertThat(pidFile.getParent()).isDirectory();
  }

  @Test
  void keepsItsProcessIdInNoFolderOfSomebodyElse() throws Exception {
    assumeTrue(System.getProperty("user.name", "").equals("root"), "needs root");
    Command.of("chown", "nobody", folder.toString()).succeed();

    assertThatThrownBy(() -> hub().claim())
        .hasMessage(
            "%1$s belongs to nobody, who could mislead root there; run chown root %1$s", folder);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "../passwd", "a b", "a/b"})
  void hasAPlainName(String name) {
    assertThatThrownBy(() -> Instance.named(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("use letters");
  }

  private Instance hub() {
    return new Instance(
        "hub", folder.resolve("hub.toml"), folder.resolve("hub.pid"), Duration.ofMillis(500));
  }

  private Process start(String script, String... arguments) throws IOException {
    ProcessBuilder shell = new ProcessBuilder("sh", "-c", script);
    shell.command().addAll(List.of(arguments));
    Process process = shell.start();
    started = process;
    assertThat(process.inputReader().readLine()).isEqualTo("up");
    Files.writeString(folder.resolve("hub.pid"), process.pid() + "\n");
    return process;
  }
}
