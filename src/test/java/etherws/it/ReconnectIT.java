package etherws.it;

import static etherws.testing.SeedPicture.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.testing.Figure;
import etherws.testing.Lab;
import etherws.testing.SeedPicture;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Outages that nobody repairs by hand. Traffic runs all the time, as it does between real VMs. */
class ReconnectIT {
  private SeedPicture picture;
  private Process traffic;

  @BeforeEach
  void tunnelUp() throws Exception {
    picture = SeedPicture.build(Lab.open());
    picture.startServer("--port", "8080");
    picture.bridgeWithIp(picture.hv1);
    picture.startClient("--uri", "ws://" + SERVER + ":8080/");
    picture.bridgeWithIp(picture.hv2);
    picture.awaitPing(Duration.ofSeconds(10));
    traffic =
        picture
            .vm2
            .command("ping", "-n", "-q", "-i", "0.01", SeedPicture.VM1)
            .start(java.nio.file.Path.of(picture.file("traffic.log")));
  }

  @AfterEach
  void tearDown() throws Exception {
    if (traffic != null) {
      traffic.destroyForcibly();
    }
    if (picture != null) {
      picture.close();
    }
  }

  @Test
  void aKilledServerIsFoundAgainWithinThreeSecondsOfItsStart() {
    ProcessHandle client = picture.process("client");
    picture.process("server").destroyForcibly();
    Lab.await(
        "its TAP is gone",
        Duration.ofSeconds(5),
        () -> picture.hv1.command("ip", "link", "show", "ethws0").run().status() != 0);

    picture.startServer("--port", "8080", "--bridge", "br0");
    double outage = heals(Duration.ofSeconds(3));

    Figure.print("server killed, started again", "back after %.2f s (at most 3)", outage);
    assertThat(client.isAlive()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"5, 2", "30, 5"})
  void aBlackholeHealsSoonAfterItsEnd(int seconds, int healsWithin) {
    blackhole();
    long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
    Lab.await("the blackhole lasts", Duration.ofSeconds(60), () -> System.nanoTime() >= end);
    picture.router.run("nft", "flush", "ruleset");

    double outage = heals(Duration.ofSeconds(healsWithin));
    Figure.print(
        "blackhole of " + seconds + " s", "back after %.2f s (at most %d)", outage, healsWithin);
  }

  /** Seconds until pings cross the tunnel again. */
  private double heals(Duration within) {
    long start = System.nanoTime();
    picture.awaitPing(within);
    return (System.nanoTime() - start) / 1e9;
  }

  /** Frames vanish without a word, as when a NAT forgets. */
  private void blackhole() {
    picture.router.run("nft", "add table ip t");
    picture.router.run("nft", "add chain ip t f { type filter hook forward priority 0; }");
    picture.router.run("nft", "add rule ip t f drop");
  }
}
