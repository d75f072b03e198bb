package etherws.it;

import static etherws.testing.SeedPicture.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.testing.Command;
import etherws.testing.Figure;
import etherws.testing.Lab;
import etherws.testing.Outage;
import etherws.testing.SeedPicture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two hubs on one bridge, at 10.1.0.2 and 10.1.0.3; a client that may use either. */
class FailoverIT {
  private static final String OTHER = "10.1.0.3";

  private SeedPicture picture;
  private Path names;

  @BeforeEach
  void twoHubs() throws Exception {
    picture = SeedPicture.build(Lab.open());
    names =
        Path.of("/etc/netns", picture.hv2.name(), "hosts"); // ip-netns(8) binds it to /etc/hosts
    picture.hv1.run("ip", "addr", "add", OTHER + "/24", "dev", "eth0");
    picture.startServer("--address", SERVER, "--device", "ethws0");
    picture.bridgeWithIp(picture.hv1);
    picture
        .hv1
        .etherws(
            "server",
            "--address",
            OTHER,
            "--device",
            "ethws1",
            "--bridge",
            "br0",
            "--pid-file",
            picture.file("other.pid"),
            "--log-file",
            picture.file("other.log"))
        .succeed();
  }

  @AfterEach
  void tearDown() throws Exception {
    if (picture != null) {
      picture.close();
      Files.deleteIfExists(names);
      Files.deleteIfExists(names.getParent());
    }
  }

  @Test
  void goesToTheSecondHubAndBackToTheFirst() throws Exception {
    picture.startClient(
        "--failover", "--uri", "ws://" + SERVER + "/", "--uri", "ws://" + OTHER + "/");
    picture.bridgeWithIp(picture.hv2);
    picture.awaitPing(Duration.ofSeconds(10));

    double away = Outage.during(picture, () -> picture.process("server").destroyForcibly());
    double home =
        Outage.during(
            picture,
            () -> {
              picture.startServer("--address", SERVER, "--device", "ethws0", "--bridge", "br0");
              Lab.await("it goes home", Duration.ofSeconds(30), () -> logged("takes us again"));
            });

    Figure.print(
        "fail-over",
        "first hub killed: back by the second after %.2f s (at most 7); return: %.2f s (at most 6)",
        away,
        home);
    // 5 s of both: what a hub has just heard by its TAP is held
    assertThat(away).isLessThan(Figure.SLACK * 7);
    assertThat(home).isLessThan(Figure.SLACK * 6);
    String socket = "/run/etherws/client-%d.sock".formatted(picture.process("client").pid());
    assertThat(picture.hv2.etherws("drops", "--socket", socket).succeed())
        .as("what the outage has cost")
        .contains("link_down");
    assertThat(Files.readString(Path.of(picture.file("client.log"))))
        .doesNotContain("connected to ws://" + OTHER);
  }

  @Test
  void looksTheNameUpAgainAtTheNextTry() throws Exception {
    Files.createDirectories(names.getParent());
    Files.writeString(names, SERVER + " hub.test\n");
    picture.startClient("--uri", "ws://hub.test/");
    picture.bridgeWithIp(picture.hv2);
    picture.awaitPing(Duration.ofSeconds(10));

    double outage =
        Outage.during(
            picture,
            () -> {
              Files.writeString(names, OTHER + " hub.test\n");
              picture.process("server").destroyForcibly();
            });

    Figure.print("name leads to another server", "back after %.2f s (at most 5)", outage);
    assertThat(outage).isLessThan(Figure.SLACK * 5);
    assertThat(Files.readString(Path.of(picture.file("other.log")))).contains("joined");
  }

  /** The first address of a name is dead: the connection is by its second. */
  @Test
  void triesAllAddressesOfAName() throws Exception {
    Files.createDirectories(names.getParent());
    Files.writeString(names, "10.1.0.99 hub.test\n" + SERVER + " hub.test\n");
    Command.Result result =
        picture
            .hv2
            .etherws("client", "--uri", "ws://hub.test/", "--pid-file", picture.file("client.pid"))
            .run();
    assertThat(result.status()).as(result.errors()).isZero();
  }

  private boolean logged(String line) {
    try {
      return Files.readString(Path.of(picture.file("client.log"))).contains(line);
    } catch (IOException e) {
      return false;
    }
  }
}
