package etherws.it;

import static etherws.testing.Pair.SERVER;
import static etherws.testing.Pair.SERVER_TAP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import etherws.testing.Command;
import etherws.testing.Host;
import etherws.testing.Lab;
import etherws.testing.Pair;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node of a file, asked while it runs: what a stranger reads, and what a capture shows. */
class ControlIT {
  private Pair pair;

  @BeforeEach
  void open() throws Exception {
    pair = Pair.open();
    pair.lab.write(
        "hub.toml",
        """
        [control]
        socket = "hub.sock"

        [[listen]]
        port = 8080

        [network.lab]
        path = "/lab"

        [[network.lab.tap]]
        device = "lab0"
        address = "%s/24"

        [network.office]
        """
            .formatted(SERVER_TAP));
    pair.server.etherws("run", pair.file("hub.toml"), "--pid-file", pair.file("hub.pid")).succeed();
    pair.startClient("--uri", "ws://" + SERVER + ":8080/lab");
    assertThat(pair.pings()).isTrue();
  }

  @AfterEach
  void close() throws Exception {
    if (pair != null) {
      pair.close();
    }
  }

  @Test
  void tellsAStrangerHowItIs() {
    assertThat(ask("status")).contains("ready").contains("all ports are up");
    assertThat(ask("networks")).containsPattern("lab +/lab +2 +1").containsPattern("office");
    assertThat(ask("ports"))
        .containsPattern("lab/1 +lab0 +tap +up")
        .containsPattern("lab/2 +10\\.9\\.0\\.2:\\d+ +client +up");
    assertThat(ask("clients")).containsPattern("lab/2 +10\\.9\\.0\\.2:\\d+ .* v2 ");
    assertThat(ask("fdb").lines().filter(line -> line.startsWith("lab"))).hasSizeBetween(2, 4);
    assertThat(ask("ports", "--json")).contains("\"name\":\"lab0\"");
  }

  @Test
  void aPortThatIsShutIsNamedWithTheReason() {
    ask("shut", "2");
    assertThat(pair.client.reaches(SERVER_TAP)).isFalse();
    assertThat(ask("status")).contains("lab/2").contains("shut");
    assertThat(ask("drops")).contains("shut");

    ask("noshut", "lab/2");
    assertThat(pair.pings()).isTrue();
  }

  @Test
  void aClientThatIsKickedComesBack() throws Exception {
    ask("kick", "2");

    Lab.await("it is back", Duration.ofSeconds(5), () -> ask("ports").contains("lab/3"));
    assertThat(pair.pings()).isTrue();
    assertThat(pair.read("client.log")).contains("1008");
  }

  @Test
  void aPathOfNoNetworkIsRefused() {
    Command.Result result = pair.clientCommand("--uri", "ws://" + SERVER + ":8080/la").run();

    assertThat(result.status()).isEqualTo(76);
    assertThat(result.errors()).contains("404");
  }

  @Test
  void metricsAreForPrometheus() {
    String text =
        pair.server.run(
            "curl", "-sf", "--unix-socket", pair.file("hub.sock"), "http://localhost/metrics");

    assertThat(text)
        .containsPattern("etherws_port_ingress_frames_total\\{.*network=\"lab\".*\\} [1-9]")
        .contains("# HELP");
    pair.server.run(
        "curl", "-sf", "--unix-socket", pair.file("hub.sock"), "http://localhost/readyz");
  }

  @Test
  void aCaptureShowsTheFramesOfItsPortAlone() throws Exception {
    assumeTrue(Command.of("tshark", "--version").run().status() == 0, "no tshark");
    pair.client
        .etherws("client", "--uri", "ws://" + SERVER + ":8080/office", "--device", "off0")
        .succeed();
    pair.client.run("ip", "addr", "add", "203.0.113.2/24", "dev", "off0");
    Process capture =
        pair.server
            .command(
                "sh",
                "-c",
                "%s capture lab/1 --count 8 --filter icmp -w - --socket %s | tshark -r - -n -T fields -e ip.src"
                    .formatted(Host.ETHERWS, pair.file("hub.sock")))
            .start(pair.lab.file("frames"));

    Lab.await(
        "eight frames",
        Duration.ofSeconds(20),
        () -> {
          pair.client.command("ping", "-c", "1", "-W", "0.1", "203.0.113.1").run();
          pair.client.pings(SERVER_TAP, 2);
          return !capture.isAlive();
        });

    Set<String> addresses =
        pair.read("frames")
            .lines()
            .filter(line -> line.matches("[0-9.]+"))
            .collect(Collectors.toSet());
    assertThat(addresses).containsExactlyInAnyOrder(SERVER_TAP, Pair.CLIENT_TAP);
  }

  private String ask(String... words) {
    String[] all = new String[words.length + 2];
    System.arraycopy(words, 0, all, 0, words.length);
    all[words.length] = "--socket";
    all[words.length + 1] = pair.file("hub.sock");
    return pair.server.etherws(all).succeed();
  }
}
