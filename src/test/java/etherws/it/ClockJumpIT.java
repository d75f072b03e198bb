package etherws.it;

import static etherws.testing.SeedPicture.SERVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import etherws.testing.Certificates;
import etherws.testing.Command;
import etherws.testing.Figure;
import etherws.testing.Host;
import etherws.testing.Lab;
import etherws.testing.Outage;
import etherws.testing.SeedPicture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Somebody sets the clocks of both ends, by a day, and back by two. */
class ClockJumpIT {
  private static final String CLOCK = "src/test/c/wallclock.c";

  /** For all that is done once a second, several times. */
  private static final Duration AFTERWARDS = Duration.ofSeconds(3);

  private SeedPicture picture;

  @BeforeEach
  void build() throws Exception {
    assumeTrue(
        Command.of("cc", "--version").run().status() == 0,
        "needs a C compiler (Debian: gcc and libc6-dev)");
    picture = SeedPicture.build(Lab.open());
    picture.setEnvironment(
        "LD_PRELOAD=" + picture.file("clock.so"), "WALL_CLOCK_OFFSET=" + picture.file("offset"));
    Command.of("cc", "-shared", "-fPIC", "-O1", "-o", picture.file("clock.so"), CLOCK).succeed();
    jump(0);
  }

  @AfterEach
  void tearDown() throws Exception {
    if (picture != null) {
      picture.close();
    }
  }

  @Test
  void wallClocksJumpADayAndNoSessionNotices() throws Exception {
    Certificates.make(Path.of(picture.file("")), "EC SEC1", "IP:" + SERVER);
    Command.of(Host.ETHERWS, "--version").succeed(); // builds by the true time, if it has to
    picture.startServer(
        "--keyfile", picture.file("ssl.key"), "--certfile", picture.file("ssl.crt"));
    picture.bridgeWithIp(picture.hv1);
    picture.startClient("--uri", "wss://" + SERVER + "/", "--cacerts", picture.file("ssl.crt"));
    picture.bridgeWithIp(picture.hv2);
    picture.awaitPing(Duration.ofSeconds(10));

    double longest =
        Outage.during(
            picture,
            () -> {
              bothSee(1);
              bothSee(-1);
            });

    Figure.print(
        "wall clocks jump by +1 and -2 days",
        "no session ends, no two answers to pings of every 10 ms were further apart than %.2f s"
            + " (at most 1)",
        longest);
    assertThat(longest).isLessThan(Figure.SLACK);
    assertThat(log("server")).doesNotContain(" left after", "ERROR");
    assertThat(log("client")).doesNotContain("link lost", "ERROR");
  }

  /** The date by which they log is that many days from today's, and stays it for a while. */
  private void bothSee(int days) throws IOException {
    jump(days);
    for (String node : List.of("server", "client")) {
      Command.of("kill", "-HUP", "" + picture.process(node).pid()).succeed();
      Lab.await(
          "the log of the " + node + " is " + days + " days ahead",
          Duration.ofSeconds(10),
          () -> {
            String date = LocalDate.now(ZoneId.systemDefault()).plusDays(days).toString();
            return log(node).lines().anyMatch(l -> l.startsWith(date) && l.contains("read again"));
          });
    }
    long end = System.nanoTime() + AFTERWARDS.toNanos();
    Lab.await("time passes", Duration.ofSeconds(10), () -> System.nanoTime() >= end);
  }

  private void jump(int days) throws IOException {
    long seconds = Duration.ofDays(days).toSeconds();
    byte[] octets =
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder()).putLong(seconds).array();
    Path mapped = Path.of(picture.file("offset"));
    Files.write(mapped, octets, StandardOpenOption.CREATE, StandardOpenOption.WRITE); // in place
  }

  private String log(String node) {
    try {
      return Files.readString(Path.of(picture.file(node + ".log")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
