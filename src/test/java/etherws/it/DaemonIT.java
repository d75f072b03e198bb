package etherws.it;

import static etherws.testing.Pair.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.testing.Command;
import etherws.testing.Lab;
import etherws.testing.Pair;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A good Unix daemon: when its prompt returns, what it leaves, how it ends, what it says. */
class DaemonIT {
  private Pair pair;

  @BeforeEach
  void open() throws Exception {
    pair = Pair.open();
  }

  @AfterEach
  void close() throws Exception {
    if (pair != null) {
      pair.close();
    }
  }

  @Test
  void thePromptReturnsWhenTheTunnelIsUp() {
    pair.startServer();
    pair.startClient("--uri", "ws://" + SERVER + "/");

    assertThat(pair.pings()).isTrue();
    assertThat(pair.client.run("ip", "-d", "link", "show", "ethws0"))
        .contains("mtu 1500")
        .contains("tun type tap")
        .contains("UP");
  }

  @Test
  void theDaemonHasLeftTheTerminal() throws Exception {
    pair.startServer();
    long pid = pair.process("server").pid();

    assertThat(Path.of("/proc/" + pid + "/cwd").toRealPath()).isEqualTo(Path.of("/"));
    for (int fd = 0; fd <= 2; fd++) {
      assertThat(Path.of("/proc/" + pid + "/fd/" + fd).toRealPath())
          .isEqualTo(Path.of("/dev/null"));
    }
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    String session = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[3];
    assertThat(session).as("leads a session of its own").isEqualTo(String.valueOf(pid));
    assertThat(pair.server.processes()).as("no shell stays behind").containsExactly(pid);
  }

  @Test
  void sigtermTellsThePeersAndLeavesNothing() throws Exception {
    pair.startServer();
    pair.startClient("--uri", "ws://" + SERVER + "/");

    pair.stop("server");

    assertThat(pair.server.command("ip", "link", "show", "ethws0").run().status()).isNotZero();
    assertThat(Files.exists(pair.lab.file("server.pid"))).isFalse();
    Lab.await(
        "the client hears 1001",
        Duration.ofSeconds(5),
        () -> readable("client.log").contains("closed by peer: 1001"));
    pair.stop("client");
    assertThat(pair.client.command("ip", "link", "show", "ethws0").run().status()).isNotZero();
  }

  @Test
  void theForegroundEndsWithStatusZeroOnSigterm() throws Exception {
    Process server =
        pair.server
            .etherws("server", "--foreground", "--pid-file", pair.file("server.pid"))
            .start(pair.lab.file("out"));
    Lab.await(
        "it has started", // and takes signals
        Duration.ofSeconds(15),
        () -> Files.exists(pair.lab.file("server.pid")));

    server.destroy();

    assertThat(server.waitFor(5, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
    assertThat(server.exitValue()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--uri ws://10.9.0.1/                        | 69 | refused",
        "--uri ws://no.such.host.invalid/            | 68 | has no address",
        "--uri http://10.9.0.1/                      | 2  | neither ws:// nor wss://",
        "--uri wss://10.9.0.1:81/                    | 69 | refused",
        "--mtu 7 --uri ws://10.9.0.1/                | 2  | MTU",
        "--device a/b --uri ws://10.9.0.1/           | 2  | device",
        "--bridge nobridge --uri ws://10.9.0.1/      | 71 | nobridge",
        "--user                                      | 2  | --user",
        "--uri ws://u@10.9.0.1/ --passwd-file /none  | 65 | /none"
      })
  void anErrorIsOneLineAndAStatus(String options, int status, String says) {
    Command.Result result = pair.client.etherws(("client " + options).split(" +", -1)).run();

    assertThat(result.status()).as(result.errors()).isEqualTo(status);
    assertThat(result.errors().lines().findFirst().orElse(""))
        .startsWith("etherws: ")
        .contains(says);
    assertThat(result.errors()).doesNotContain("\tat ");
    assertThat(result.output()).isEmpty();
    assertThat(pair.client.processes()).isEmpty();
  }

  @Test
  void aTakenPortIsAnErrorAtThePrompt() {
    pair.startServer();

    Command.Result result = pair.server.etherws("server").run();

    assertThat(result.status()).isEqualTo(71);
    assertThat(result.errors()).contains("cannot listen on").contains("in use");
  }

  @Test
  void oneHalfOfKeyAndCertificateIsRefusedAsEver() {
    Command.Result result = pair.server.etherws("server", "--keyfile", "ssl.key").run();

    assertThat(result.status()).isEqualTo(2);
    assertThat(result.errors()).contains("both keyfile and certfile are required");
  }

  @Test
  void optionsStandBeforeOrAfterTheSubcommand() {
    pair.server
        .etherws("--device", "before%d", "server", "--device", "after%d", "--path", "/lab")
        .succeed();

    String links = pair.server.run("ip", "-o", "link");
    assertThat(links).contains("after0");
    pair.client
        .etherws("--device", "tap7", "client", "--uri", "ws://" + SERVER + "/lab/?x=1")
        .succeed();
    assertThat(pair.client.run("ip", "-o", "link")).contains("tap7");
  }

  @Test
  void retryKeepsTryingFromTheStart() {
    pair.startClient("--uri", "ws://" + SERVER + "/", "--retry");

    pair.startServer();

    Lab.await("they meet", Duration.ofSeconds(10), pair::pings);
  }

  @Test
  void severalTunnelsAndDevicesAreSoManyPorts() {
    pair.startServer();
    pair.server.etherws("server", "--device", "second0", "--port", "81", "--path", "/b").succeed();
    pair.client
        .etherws(
            "client",
            "--device",
            "x0",
            "--device",
            "x1",
            "--uri",
            "ws://" + SERVER + "/",
            "--uri",
            "ws://" + SERVER + ":81/b")
        .succeed();
    pair.server.run("ip", "netns", "list");
    pair.client.run("ip", "addr", "add", Pair.CLIENT_TAP + "/24", "dev", "x1");

    assertThat(pair.pings()).isTrue();
    assertThat(pair.client.run("ip", "-o", "link")).contains("x0").contains("x1");
  }

  @Test
  void jumboFramesPassWhole() {
    pair.startServer("--mtu", "9000");
    pair.startClient("--uri", "ws://" + SERVER + "/", "--mtu", "9000");

    assertThat(pair.client.pings(Pair.SERVER_TAP, 20, "-s", "8972", "-M", "do")).isTrue();
  }

  private String readable(String name) {
    try {
      return pair.read(name);
    } catch (java.io.IOException e) {
      return "";
    }
  }
}
