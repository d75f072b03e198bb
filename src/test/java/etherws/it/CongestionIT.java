package etherws.it;

import static etherws.testing.Pair.SERVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import etherws.testing.Command;
import etherws.testing.Host;
import etherws.testing.Pair;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The congestion control of the connections under the tunnels, as the kernel tells it. */
class CongestionIT {
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
  void isBbrForEveryConnectionOfBothSides() {
    assumeTrue(
        pair.server
            .run("cat", "/proc/sys/net/ipv4/tcp_available_congestion_control")
            .contains("bbr"),
        "needs a kernel with bbr");
    pair.startServer();
    pair.startClient("--uri", "ws://" + SERVER + "/", "--uri", "ws://[fd00:9::1]/");

    assertThat(connections(pair.client)).hasSize(2).allMatch(line -> line.startsWith("bbr "));
    assertThat(connections(pair.server)).hasSize(2).allMatch(line -> line.startsWith("bbr "));
  }

  @Test
  void isWhatTheOperatorChoseOnEitherSide() {
    pair.startServer("--congestion", "reno");
    pair.startClient("--uri", "ws://" + SERVER + "/", "--congestion", "cubic");

    assertThat(connections(pair.server)).hasSize(1).allMatch(line -> line.startsWith("reno "));
    assertThat(connections(pair.client)).hasSize(1).allMatch(line -> line.startsWith("cubic "));
  }

  @Test
  void anUnknownOneIsAWrongOption() {
    Command.Result result = pair.server.etherws("server", "--congestion", "vegas9").run();

    assertThat(result.status()).isEqualTo(2);
    assertThat(result.errors().lines().toList())
        .anyMatch(
            line -> line.startsWith("etherws: congestion control vegas9 is not to be had: this"));
    assertThat(pair.server.processes()).isEmpty();
  }

  /** Of each established connection what {@code ss} says of its TCP. */
  private static List<String> connections(Host host) {
    return host.run("ss", "-H", "-t", "-n", "-i", "-O", "state", "established")
        .lines()
        .map(line -> line.replaceFirst("^(\\S+\\s+){4}", ""))
        .toList();
  }
}
