package etherws.it;

import static etherws.testing.SeedPicture.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.testing.Figure;
import etherws.testing.Host;
import etherws.testing.Lab;
import etherws.testing.SeedPicture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The network between them dies without a word: no FIN, no RST. */
@Tag("long")
class HalfOpenIT {
  private SeedPicture picture;

  @BeforeEach
  void tunnelUp() throws Exception {
    picture = SeedPicture.build(Lab.open());
    for (Host host : List.of(picture.vm1, picture.vm2, picture.hv1, picture.hv2)) {
      for (String kind : List.of("all", "default")) { // nobody speaks unasked
        host.run("sysctl", "-qw", "net.ipv6.conf." + kind + ".disable_ipv6=1");
      }
    }
    picture.startServer("--port", "8080");
    picture.bridgeWithIp(picture.hv1);
    picture.startClient("--uri", "ws://" + SERVER + ":8080/");
    picture.bridgeWithIp(picture.hv2);
    picture.awaitPing(Duration.ofSeconds(10));
  }

  @AfterEach
  void tearDown() throws Exception {
    if (picture != null) {
      picture.close();
    }
  }

  /** Both have sent something by then, and hear nothing. */
  @Test
  void underTrafficBothNoticeSoon() throws Exception {
    Process traffic =
        picture
            .vm2
            .command("ping", "-n", "-q", "-i", "0.01", SeedPicture.VM1)
            .start(Path.of(picture.file("traffic.log")));
    try {
      notice("half-open, under traffic", 20, 30);
    } finally {
      traffic.destroyForcibly();
    }
  }

  /** The client says nothing, and has just pinged: 10 s to its next ping, and 9 s more. */
  @Test
  void whenIdleBothNoticeByThePingOfEvery10Seconds() {
    Lab.await("it is up", Duration.ofSeconds(5), () -> says("client.log", "connected to"));
    long pinged = System.nanoTime() + Duration.ofSeconds(11).toNanos(); // it was when it came up
    Lab.await("it has", Duration.ofSeconds(20), () -> System.nanoTime() > pinged);
    notice("half-open, idle", 20, 30);
  }

  private void notice(String name, int clientWithin, int serverWithin) {
    picture.router.run("nft", "add table ip t");
    picture.router.run("nft", "add chain ip t f { type filter hook forward priority 0; }");
    picture.router.run("nft", "add rule ip t f drop");
    long start = System.nanoTime();
    CompletableFuture<Double> lost =
        CompletableFuture.supplyAsync(() -> secondsUntil("client.log", "link lost", start));
    double server = secondsUntil("server.log", " left after", start);
    double client = lost.join();

    Figure.print(
        name,
        "client noticed after %.1f s (at most %d), server freed the port after %.1f s (at most %d)",
        client,
        clientWithin,
        server,
        serverWithin);
    assertThat(client).isLessThan(clientWithin);
    assertThat(server).isLessThan(serverWithin);
    assertThat(asked("ports")).contains("tap").doesNotContain("client");
    assertThat(asked("fdb")).doesNotContain("10.2.0.2");
  }

  private String asked(String what) {
    long pid = picture.process("server").pid();
    String socket = "/run/etherws/server-" + pid + ".sock";
    return picture.hv1.etherws(what, "--socket", socket).succeed();
  }

  private double secondsUntil(String log, String line, long start) {
    Lab.await(log + " says " + line, Duration.ofSeconds(60), () -> says(log, line));
    return (System.nanoTime() - start) / 1e9;
  }

  private boolean says(String log, String what) {
    try {
      return Files.readString(Path.of(picture.file(log))).contains(what);
    } catch (IOException e) {
      return false;
    }
  }
}
