package etherws.it;

import static org.assertj.core.api.Assertions.assertThat;

import etherws.testing.Command;
import etherws.testing.Crowd;
import etherws.testing.Figure;
import etherws.testing.Host;
import etherws.testing.Lab;
import etherws.testing.LoopbackServer;
import etherws.testing.Usage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** More clients than there is room for, and clients that don't read: the others notice nothing. */
@Isolated
class CrowdIT {
  private static final int FRAME = 1400;

  /** Mbit/s: two such frames every 25 ms. */
  private static final double EACH = 0.9;

  private Lab lab;
  private Host host;
  private Crowd crowd;

  @BeforeEach
  void open() throws Exception {
    lab = Lab.open();
    host = lab.host("h");
    crowd = new Crowd(host, LoopbackServer.PORT, false, _ -> null);
  }

  @AfterEach
  void close() throws Exception {
    if (lab != null) {
      crowd.close();
      lab.close();
    }
  }

  @Test
  void whoFindsNoDescriptorLeftWaitsAndDisturbsNobody() throws Exception {
    Usage server = start(lab.file("server.log"), "prlimit", "--nofile=200:200");
    crowd.join(50);
    crowd.awaitUp(50, Duration.ofSeconds(10));
    crowd.join(950);
    Lab.await("it is full", Duration.ofSeconds(10), () -> log().contains("lets nobody in"));
    int most = settledCount();

    double cpu = server.cpuDuring(Duration.ofSeconds(5));
    assertThat(crossing(20, 21)).isPositive();
    assertThat(crowd.lost()).isZero();

    int entered = crowd.entered();
    long start = System.nanoTime();
    for (int i = 0; i < 20; i++) {
      crowd.member(i).leave();
    }
    Lab.await("others come", Duration.ofSeconds(5), () -> crowd.entered() >= entered + 20);
    double recovered = (System.nanoTime() - start) / 1e9;

    Figure.print(
        "fd limit 200, 1,000 clients",
        "%d in, none lost; CPU while the others wait %.2f s of 5 s; 20 places taken %.2f s after"
            + " they were free (at most 1)",
        most,
        cpu,
        recovered);
    assertThat(cpu).as("who spins takes all of it").isLessThan(2);
    assertThat(recovered).isLessThan(Figure.SLACK);
    assertThat(log().lines().filter(line -> line.contains("lets nobody in"))).hasSize(1);
  }

  @Test
  void aFullDiskUnderTheLogStopsNothing() throws Exception {
    Path disk = Files.createDirectory(lab.file("disk"));
    Command.of("mount", "-t", "tmpfs", "-o", "size=256k", "none", disk.toString()).succeed();
    try {
      Path file = disk.resolve("server.log");
      Usage server = start(file);
      crowd.join(20);
      crowd.awaitUp(20, Duration.ofSeconds(10));
      Command.of("dd", "if=/dev/zero", "of=" + disk.resolve("filler"), "bs=1k").run();
      crowd.join(300);
      crowd.awaitUp(320, Duration.ofSeconds(10));

      double cpu = server.cpuDuring(Duration.ofSeconds(3));
      assertThat(crossing(0, 1)).isPositive();
      assertThat(crowd.lost()).isZero();

      Files.delete(disk.resolve("filler"));
      long length = Files.size(file);
      long start = System.nanoTime();
      Lab.await(
          "it logs again",
          Duration.ofSeconds(20),
          () -> {
            crowd.join(1); // something to be logged
            return size(file) > length;
          });
      Figure.print(
          "log disk full",
          "320 clients in, none lost; CPU %.2f s of 3 s; logs again after %.2f s",
          cpu,
          (System.nanoTime() - start) / 1e9);
      assertThat(cpu).as("who spins takes all of it").isLessThan(2);
    } finally {
      crowd.close();
      host.processes()
          .forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
      Lab.await("it ends", Duration.ofSeconds(5), () -> host.processes().isEmpty());
      Command.of("umount", disk.toString()).succeed();
    }
  }

  @Test
  void hundredsWhoDoNotReadLeaveASmallHeapToTheOthers() throws Exception {
    Usage server = start(lab.file("server.log"), "env", "ETHERWS_JAVA_OPTS=-Xmx64m");
    introduced(211);
    double without;
    try (AutoCloseable _ = crowd.traffic(210, 200, 10, FRAME, 10 * EACH)) {
      double _ = server.cpuDuring(Duration.ofSeconds(1));
      without = rate(server, 200, 210);
    }
    for (int i = 0; i < 200; i++) {
      crowd.member(i).stopReading();
    }
    double with;
    try (AutoCloseable _ = crowd.traffic(210, 0, 210, FRAME, 210 * EACH)) {
      double _ = server.cpuDuring(Duration.ofSeconds(4)); // all that are stuck have what they may
      with = rate(server, 200, 210);
    }

    Figure.print(
        "heap of 64 MiB, 200 stuck readers",
        "10 others get %.2f Mbit/s each, %.2f without the stuck: %.1f %% (at least 50); %d MiB"
            + " resident; no OutOfMemoryError",
        with,
        without,
        with * 100 / without,
        server.residentKib() / 1024);
    assertThat(with).isGreaterThan(0.5 * without);
    assertThat(crossing(200, 201)).isPositive();
    assertThat(crowd.lost()).isZero();
    assertThat(server.process().isAlive()).isTrue();
    assertThat(log()).doesNotContain("OutOfMemory", "OutOfDirect", "ERROR");
  }

  /** 9 Mbit/s for each of the 49, which two cores carry with ease: what is missing was held up. */
  @Test
  @Tag("long")
  void oneOfFiftyWhoDoesNotReadSlowsNobodyAndIsSentAway() throws Exception {
    Usage server = start(lab.file("server.log"));
    introduced(51);
    double without;
    try (AutoCloseable _ = crowd.traffic(50, 0, 50, FRAME, 50 * 10 * EACH)) {
      double _ = server.cpuDuring(Duration.ofSeconds(5)); // compiled by then
      without = rate(server, 1, 50);
    }
    double _ = server.cpuDuring(Duration.ofSeconds(1)); // what was under way has arrived
    long before = waiting(server);
    crowd.member(0).stopReading();
    long stopped = System.nanoTime();
    double with;
    try (AutoCloseable _ = crowd.traffic(50, 0, 50, FRAME, 50 * 10 * EACH)) {
      with = rate(server, 1, 50);
    }
    long kept = (waiting(server) - before) * FRAME / 1024;
    Lab.await("it is sent away", Duration.ofSeconds(40), () -> log().contains(" left after "));
    double sentAway = (System.nanoTime() - stopped) / 1e9;

    Figure.print(
        "one stuck reader of 50",
        "the others get %.2f Mbit/s each with it, %.2f before: %.1f %% (at least 95); %d KiB wait"
            + " for it (at most 896, and 128 in its channel); sent away after %.1f s (at most 30)",
        with,
        without,
        with * 100 / without,
        kept,
        sentAway);
    assertThat(with).isGreaterThan(0.95 * without);
    assertThat(kept).isBetween(64L, 896L);
    assertThat(sentAway).isLessThan(30);
    assertThat(crowd.lost()).isZero();
  }

  /**
   * How many frames of the traffic from member 50 to those before wait for member 0, and some more,
   * the same each time: a fiftieth of what came, without those that went out or died.
   */
  private long waiting(Usage server) {
    String socket = "/run/etherws/server-%d.sock".formatted(server.process().pid());
    String ports = host.etherws("ports", "--json", "--socket", socket).succeed();
    String first = found("\"name\":\"127\\.1\\.0\\.1:.*?\"drops\":\\{[^}]*}", ports);
    String last = found("\"name\":\"127\\.1\\.0\\.51:.*?\"drops\":\\{[^}]*}", ports);
    long dropped =
        Pattern.compile(":(\\d+)")
            .matcher(found("\"drops\":\\{[^}]*}", first))
            .results()
            .mapToLong(count -> Long.parseLong(count.group(1)))
            .sum();
    return number("ingress_frames", last) / 50 - number("egress_frames", first) - dropped;
  }

  private static long number(String name, String json) {
    return Long.parseLong(found("\"" + name + "\":\\d+", json).replaceAll("\\D", ""));
  }

  private static String found(String pattern, String text) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertThat(matcher.find()).as("%s in %s", pattern, text).isTrue();
    return matcher.group();
  }

  /** Mbit/s of each of these in five seconds. */
  private double rate(Usage server, int from, int to) {
    long before = crowd.octets(from, to);
    long start = System.nanoTime();
    double _ = server.cpuDuring(Duration.ofSeconds(5));
    long octets = crowd.octets(from, to) - before;
    return octets * 8e3 / (System.nanoTime() - start) / (to - from);
  }

  /** So many come in, and the bridge knows them. */
  private void introduced(int count) {
    crowd.join(count);
    crowd.awaitUp(count, Duration.ofSeconds(10));
    for (int i = 0; i < count; i++) {
      crowd.member(i).introduceItself();
    }
  }

  /** How many are in once it changes no more. */
  private int settledCount() {
    int[] seen = {-1};
    long[] since = {0};
    Lab.await(
        "no more come in",
        Duration.ofSeconds(20),
        () -> {
          if (crowd.up() != seen[0]) {
            seen[0] = crowd.up();
            since[0] = System.nanoTime();
          }
          return System.nanoTime() - since[0] > Duration.ofSeconds(2).toNanos();
        });
    return seen[0];
  }

  /** Octets that frames from one member bring another within a second or so. */
  private long crossing(int from, int to) throws Exception {
    crowd.member(to).introduceItself();
    long before = crowd.octets(to, to + 1);
    try (AutoCloseable _ = crowd.traffic(from, to, 1, FRAME, 1)) {
      Lab.await(
          "frames cross",
          Duration.ofSeconds(2),
          () -> crowd.octets(to, to + 1) - before > 10 * FRAME);
    }
    return crowd.octets(to, to + 1) - before;
  }

  private Usage start(Path log, String... wrapper) throws IOException {
    return new LoopbackServer(lab, host, log).start(List.of(wrapper));
  }

  private String log() {
    try {
      return Files.readString(lab.file("server.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
