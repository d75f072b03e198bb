package etherws.it;

import static etherws.testing.SeedPicture.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.testing.Figure;
import etherws.testing.Lab;
import etherws.testing.Outage;
import etherws.testing.SeedPicture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** SIGTERM: whoever is there hears of it, and nobody who is not holds it up. */
class DrainIT {
  private static final double MOST_SECONDS = 5;

  private Lab lab;
  private SeedPicture picture;

  @BeforeEach
  void build() throws Exception {
    lab = Lab.open();
    picture = SeedPicture.build(lab);
  }

  @AfterEach
  void tearDown() throws Exception {
    if (picture != null) {
      picture.close();
    }
  }

  @Test
  void aServerAsksItsClientBackAndTheClientComes() throws Exception {
    picture.startServer("--port", "8080");
    picture.bridgeWithIp(picture.hv1);
    picture.startClient("--uri", "ws://" + SERVER + ":8080/");
    picture.bridgeWithIp(picture.hv2);
    picture.awaitPing(Duration.ofSeconds(10));

    double[] stopped = new double[1];
    double outage =
        Outage.during(
            picture,
            () -> {
              stopped[0] = stop(picture.process("server"));
              picture.startServer("--port", "8080", "--bridge", "br0");
            });

    String log = Files.readString(Path.of(picture.file("client.log")));
    Figure.print(
        "SIGTERM and a new start",
        "server gone after %.2f s (at most 5), client back after %.2f s, start included",
        stopped[0],
        outage);
    assertThat(log).contains("it wants us back in 1000 ms").doesNotContain("link lost");
    assertThat(stopped[0]).isLessThan(Figure.SLACK * MOST_SECONDS);
  }

  /**
   * A dead peer, a dead hub, a down command that hangs, and a reload that hangs in an up command.
   */
  @Test
  void nothingHoldsUpTheEnd() throws Exception {
    picture.startServer("--port", "8080");
    lab.write("node.toml", config(""));
    picture
        .hv2
        .etherws("run", picture.file("node.toml"), "--pid-file", picture.file("node.pid"))
        .succeed();
    picture.hv1.etherws("client", "--uri", "ws://10.2.0.2/", "--device", "peer0").succeed();
    lab.write(
        "node.toml",
        config("[[network.lab.tap]]\ndevice = \"t1\"\nup = [\"sleep\", \"31.4159\"]\n"));
    picture.router.run("nft", "add table ip t");
    picture.router.run("nft", "add chain ip t f { type filter hook forward priority 0; }");
    picture.router.run("nft", "add rule ip t f drop");
    ProcessHandle node = picture.process("node");
    picture.hv2.run("kill", "-HUP", String.valueOf(node.pid()));
    Lab.await(
        "the reload hangs",
        Duration.ofSeconds(10),
        () -> picture.hv2.command("pgrep", "-f", "sleep 31.4159").run().status() == 0);

    double seconds = stop(node);

    Figure.print("SIGTERM with everything dead", "gone after %.2f s (at most 5)", seconds);
    assertThat(seconds).isLessThan(Figure.SLACK * MOST_SECONDS);
  }

  @Test
  void aClientThatStillDialsForTheFirstTimeEndsAtOnce() throws Exception {
    Process client =
        picture
            .hv2
            .etherws(
                "client", "--foreground", "--debug", "--uri", "ws://10.2.0.99/", "--pid-file", "x")
            .start(Path.of(picture.file("first.log")));
    Lab.await(
        "it has made its device",
        Duration.ofSeconds(20),
        () -> picture.hv2.command("ip", "link", "show", "ethws0").run().status() == 0);
    for (long pid : picture.hv2.processes()) {
      picture.hv2.command("kill", "-TERM", String.valueOf(pid)).run();
    }
    assertThat(client.waitFor(5, TimeUnit.SECONDS)).isTrue();
    assertThat(client.exitValue()).isZero();
    assertThat(picture.hv2.command("ip", "link", "show", "ethws0").run().status()).isNotZero();
  }

  private String config(String more) {
    return """
    [control]
    socket = "node.sock"
    [[listen]]
    port = 80
    [network.lab]
    path = "/"
    [[network.lab.tap]]
    device = "t0"
    down = ["sleep", "30"]
    [[network.lab.uplink]]
    uri = "ws://%s:8080/"
    """
            .formatted(SERVER)
        + more;
  }

  private static double stop(ProcessHandle process) {
    long start = System.nanoTime();
    process.destroy();
    Lab.await("it ends", Duration.ofSeconds(30), () -> !process.isAlive());
    return (System.nanoTime() - start) / 1e9;
  }
}
