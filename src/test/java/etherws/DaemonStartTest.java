package etherws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import etherws.Installation.Finished;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code ./etherws server} and {@code client} until the prompt is back. A shell script stands in
 * for the JVM and keeps its side of the readiness protocol, or breaks it.
 */
@Timeout(value = 20, threadMode = ThreadMode.SEPARATE_THREAD)
class DaemonStartTest {
  /** Lets go of what it was given, says that the tunnel is up, and stays. */
  private static final String COMES_UP =
      """
      echo $PPID $$ >"$ROOT/pids"
      for fd in 0 1 2 3 4 5 6 7 8 9; do
        [ ! -e /proc/$$/fd/$fd ] || echo $fd
      done >"$ROOT/descriptors"
      exec </dev/null >/dev/null 2>&1
      eval "echo 0 >&$ready; exec $ready>&-"
      exec sleep 60
      """;

  private static final String NEVER_COMES_UP =
      """
      echo $PPID $$ >"$ROOT/pids"
      echo connecting
      exec sleep 60
      """;

  @TempDir private Path root;
  private Installation installation;

  @BeforeEach
  void install() throws IOException {
    installation = new Installation(root);
  }

  @AfterEach
  void stopDaemon() throws IOException {
    if (Files.exists(root.resolve("pids"))) {
      daemon().ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "server",
        "client --uri ws://h/",
        "--debug --device client server",
        "--device=x client",
        "client --device --foreground",
        "server --user server --device",
        "run hub.toml",
        "up hub"
      })
  void startsADaemon(String arguments) throws IOException {
    installation.java("");

    installation.run(arguments.split(" "));

    assertThat(installation.started()).contains("-Detherws.ready.fd=4");
    assertThat(installation.arguments()).containsExactly(arguments.split(" "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "server --foreground",
        "--foreground --device x client",
        "server --help",
        "client -h",
        "--version server",
        "up --foreground hub",
        "down hub",
        "config check run",
        "status server",
        "ctl addport client ws://h/",
        "--device server",
        "--device server status",
        "--device",
        "--help"
      })
  void staysInTheForeground(String arguments) throws IOException {
    installation.java("");

    installation.run(arguments.split(" "));

    assertThat(installation.started()).noneMatch(a -> a.startsWith("-Detherws.ready.fd"));
    assertThat(installation.arguments()).containsExactly(arguments.split(" "));
  }

  @Test
  void returnsWhenTheTunnelIsUpAndLeavesNothingButTheJvm() throws IOException {
    installation.java("echo hello; echo warning >&2\n" + COMES_UP);

    Process launcher = start("server");

    assertThat(Installation.finish(launcher, ""))
        .isEqualTo(new Finished(0, "hello\n", "warning\n"));
    assertThat(pids()).first().as("the JVM's parent").isEqualTo(Long.toString(launcher.pid()));
    assertThat(daemon()).get().matches(ProcessHandle::isAlive);
    assertThat(Files.readAllLines(root.resolve("descriptors"))).containsExactly("0", "1", "2", "4");
    try (Stream<Path> files = Files.list(root)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .as("no temporary file is left")
          .containsExactlyInAnyOrder(
              "a home with spaces", "bin", "usr", "pids", "descriptors", "started");
    }
  }

  @Test
  void startsADaemonThatCanBeInterrupted() throws IOException {
    installation.java(COMES_UP);
    installation.run("server");

    signal("INT", daemon().orElseThrow().pid());

    daemon().ifPresent(d -> d.onExit().join());
  }

  @Test
  void letsTheJvmReadStdin() throws IOException {
    installation.java("read -r password; echo \"got $password\"\n" + COMES_UP);

    assertThat(Installation.finish(start("client"), "secret\n"))
        .isEqualTo(new Finished(0, "got secret\n", ""));
  }

  @Test
  void letsTheJvmAskOnTheTerminal() throws IOException {
    installation.java("printf 'Password: '; read -r p </dev/tty; echo \"got $p\"\n" + COMES_UP);
    Process terminal =
        installation.start(Map.of(), List.of("script", "-qec", "*/etherws client", "/dev/null"));

    Finished finished = Installation.finish(terminal, "secret\n");

    assertThat(finished.status()).isZero();
    assertThat(finished.out()).contains("Password: ", "got secret");
  }

  @Test
  void startsWithoutStdin() throws IOException {
    installation.java("read -r line || echo none\n" + COMES_UP);
    Process shell = installation.start(Map.of(), List.of("sh", "-c", "*/etherws server <&-"));

    assertThat(Installation.finish(shell, "")).isEqualTo(new Finished(0, "none\n", ""));
  }

  @Test
  void failsWithTheStatusThatTheJvmReports() throws IOException {
    installation.java("echo 'no such host' >&2; eval \"echo 2 >&$ready\"; exit 9");

    assertThat(installation.run("client")).isEqualTo(new Finished(2, "", "no such host\n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1", "42"})
  void endsAsTheJvmDoesWhenThatReportsNothing(String status) throws IOException {
    installation.java("exit " + status);

    assertThat(installation.run("client"))
        .isEqualTo(new Finished(Integer.parseInt(status), "", ""));
  }

  @Test
  void tellsOfAJvmThatWasKilled() throws IOException {
    installation.java("kill -KILL $$");

    assertThat(installation.run("client").status()).isEqualTo(128 + 9);
  }

  @Test
  void doesNotTakeNonsenseForSuccess() throws IOException {
    installation.java("eval \"echo 0 ready >&$ready\"; exit 5");

    assertThat(installation.run("client").status()).isEqualTo(5);
  }

  @Test
  void endsTheJvmOnControlC() throws Exception {
    installation.java(NEVER_COMES_UP);
    Process launcher =
        installation.start(
            Map.of(), List.of("setsid", installation.launcher().toString(), "client"));
    awaitLine(launcher, "connecting");

    signal("INT", -launcher.pid());

    assertThat(Installation.finish(launcher, "")).isEqualTo(new Finished(130, "", ""));
    assertThat(daemon()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"HUP, 129", "INT, 130", "TERM, 143"})
  void endsTheJvmWhenItIsToldToEnd(String signal, int status) throws Exception {
    assumeThat(isIgnored(status - 128))
        .as("these tests were started to ignore " + signal)
        .isFalse();
    installation.java(NEVER_COMES_UP);
    Process launcher = start("client");
    awaitLine(launcher, "connecting");

    signal(signal, launcher.pid());

    assertThat(Installation.finish(launcher, "")).isEqualTo(new Finished(status, "", ""));
    assertThat(daemon()).isEmpty();
  }

  /** Reads octet by octet, so that the rest stays in the pipe. */
  private static void awaitLine(Process process, String line) throws IOException {
    for (byte expected : (line + "\n").getBytes(UTF_8)) {
      assertThat(process.getInputStream().read()).isEqualTo((int) expected);
    }
  }

  private Process start(String command) throws IOException {
    return installation.start(Map.of(), List.of(installation.launcher().toString(), command));
  }

  /** Whether this process, and so its children, were started to ignore a signal, as by nohup. */
  private static boolean isIgnored(int signal) throws IOException {
    String mask =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .map(line -> line.substring("SigIgn:".length()).strip())
            .findFirst()
            .orElseThrow();
    return (Long.parseUnsignedLong(mask, 16) >>> (signal - 1) & 1) == 1;
  }

  private void signal(String signal, long process) throws IOException {
    String kill = "kill -s " + signal + " -- " + process;
    Process shell = installation.start(Map.of(), List.of("sh", "-c", kill));
    assertThat(Installation.finish(shell, "")).isEqualTo(new Finished(0, "", ""));
  }

  /** The JVM's parent and the JVM itself. */
  private List<String> pids() throws IOException {
    return List.of(Files.readString(root.resolve("pids")).strip().split(" "));
  }

  private Optional<ProcessHandle> daemon() throws IOException {
    return ProcessHandle.of(Long.parseLong(pids().getLast()));
  }
}
