package etherws.it;

import static etherws.testing.Pair.SERVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import etherws.testing.Figure;
import etherws.testing.Host;
import etherws.testing.Lab;
import etherws.testing.Pair;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The wall clocks of both ends jump, by libfaketime: that of the machine is left alone. */
class ClockJumpIT {
  private Pair pair;

  @AfterEach
  void close() throws Exception {
    if (pair != null) {
      pair.close();
    }
  }

  @Test
  void aClockThatJumpsADayEndsNoSession() throws Exception {
    Optional<Path> library = library();
    assumeTrue(library.isPresent(), "needs libfaketime: apt-get install faketime");
    pair = Pair.open();
    jump("+0");
    start(pair.server, library.get(), "server");
    pair.server.run("ip", "addr", "add", Pair.SERVER_TAP + "/24", "dev", "ethws0");
    start(pair.client, library.get(), "client", "--uri", "ws://" + SERVER + "/");
    pair.addressClient();
    Lab.await("the tunnel carries", Duration.ofSeconds(15), pair::pings);

    Process pings =
        pair.client
            .command("ping", "-n", "-q", "-i", "0.01", "-c", "600", Pair.SERVER_TAP)
            .start(pair.lab.file("pings"));
    jump("+1d");
    assertThat(dayOfLogAfterReload()).as("the jump has been noticed").isEqualTo(1);
    jump("-1d");
    assertThat(dayOfLogAfterReload()).isEqualTo(-1);
    Lab.await("pings end", Duration.ofSeconds(15), () -> !pings.isAlive());

    String summary = pair.read("pings");
    Figure.print(
        "clock a day on, two days back",
        "%s; no session ended",
        summary.lines().filter(l -> l.contains("packet loss")).findFirst().orElseThrow());
    assertThat(summary).contains(" 0% packet loss");
    assertThat(pair.read("server.log")).doesNotContain(" left ");
    assertThat(pair.read("client.log")).doesNotContain("link lost");
  }

  private void jump(String offset) throws Exception {
    pair.lab.write("clock", offset + "\n");
  }

  private void start(Host host, Path library, String command, String... options) {
    Stream<String> words =
        Stream.of(
            "env",
            "LD_PRELOAD=" + library,
            "FAKETIME_TIMESTAMP_FILE=" + pair.file("clock"),
            "FAKETIME_CACHE_DURATION=1",
            "FAKETIME_DONT_FAKE_MONOTONIC=1",
            "NO_FAKE_STAT=1",
            Host.ETHERWS,
            command,
            "--log-file",
            pair.file(command + ".log"),
            "--pid-file",
            pair.file(command + ".pid"));
    host.command(Stream.concat(words, Stream.of(options)).toArray(String[]::new))
        .within(Duration.ofSeconds(30))
        .succeed();
  }

  /** By how many days the server's next line of log is off. */
  private long dayOfLogAfterReload() throws Exception {
    long end =
        System.nanoTime() + Duration.ofSeconds(2).toNanos(); // the library looks once a second
    Lab.await("the clock jumps", Duration.ofSeconds(5), () -> System.nanoTime() >= end);
    int before = (int) pair.read("server.log").lines().count();
    new ProcessBuilder("kill", "-HUP", "" + pair.process("server").pid()).start().waitFor();
    Lab.await(
        "a line of log",
        Duration.ofSeconds(5),
        () -> lines().length > before && lines()[before].length() > 30);
    String line = lines()[before];
    Instant said = OffsetDateTime.parse(line.substring(0, line.indexOf(' '))).toInstant();
    return Math.round(Duration.between(Instant.now(), said).toMinutes() / (24 * 60.0));
  }

  private String[] lines() {
    try {
      return pair.read("server.log").lines().toArray(String[]::new);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Path> library() throws Exception {
    try (Stream<Path> folders = Files.list(Path.of("/usr/lib"))) {
      return folders
          .map(folder -> folder.resolve("faketime/libfaketimeMT.so.1"))
          .filter(Files::exists)
          .findFirst();
    }
  }
}
