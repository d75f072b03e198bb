package etherws.it;

import static etherws.testing.Pair.CLIENT_TAP;
import static etherws.testing.Pair.SERVER;
import static etherws.testing.Pair.SERVER_TAP;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.testing.Command;
import etherws.testing.Lab;
import etherws.testing.Pair;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a host sends through the client's device while the client is still connecting. */
class FirstFramesIT {
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

  /** The only ARP request that is ever sent goes out before the server has answered the dial. */
  @Test
  void waitForTheLink() throws Exception {
    pair.startServer();
    signal("STOP");
    Process client =
        pair.clientCommand("--foreground", "--uri", "ws://" + SERVER + "/").start(log("console"));
    Process ping;
    try {
      Lab.await("the device is up", Duration.ofSeconds(20), this::deviceIsUp);
      pair.client.run(
          "sysctl",
          "-qw",
          "net.ipv4.neigh.ethws0.mcast_solicit=1",
          "net.ipv4.neigh.ethws0.retrans_time_ms=30000");
      pair.addressClient();
      ping =
          pair.client
              .command("ping", "-n", "-c", "1", "-W", "20", "-I", CLIENT_TAP, SERVER_TAP)
              .start(log("ping"));
      Lab.await("ARP asks", Duration.ofSeconds(5), this::arpAsks);
    } finally {
      signal("CONT");
    }

    assertThat(ping.waitFor(25, TimeUnit.SECONDS)).isTrue();
    assertThat(pair.read("ping.log")).contains("1 received");
    client.destroy();
    assertThat(client.waitFor(5, TimeUnit.SECONDS)).isTrue();
  }

  private boolean deviceIsUp() {
    return pair.client.command("ip", "link", "show", "ethws0").run().output().contains("LOWER_UP");
  }

  private boolean arpAsks() {
    return pair.client
        .run("ip", "neigh", "show", "dev", "ethws0", "nud", "incomplete")
        .contains(SERVER_TAP);
  }

  private void signal(String name) throws Exception {
    Command.of("kill", "-" + name, String.valueOf(pair.process("server").pid())).succeed();
  }

  private Path log(String name) {
    return Path.of(pair.file(name + ".log"));
  }
}
