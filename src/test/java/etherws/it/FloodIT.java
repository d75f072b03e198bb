package etherws.it;

import static org.assertj.core.api.Assertions.assertThat;

import etherws.testing.Command;
import etherws.testing.Host;
import etherws.testing.Lab;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * One client does what it should not, and the others notice little of it.
 *
 * <pre>
 *   good client 198.51.100.11 ----+
 *                                 +---- server 198.51.100.10
 *   bad client  198.51.100.12 ----+     loops are shut for 2 s
 *                            :----+
 * </pre>
 */
@Isolated
class FloodIT {
  private static final String SERVER = "198.51.100.10";
  private static final String BAD = "198.51.100.12";
  private static final int PINGS = 600;
  private static final int INVENTED = 100_000;

  /** As many as a client may have, by default. */
  private static final int MAC_LIMIT = 1_024;

  /** Of a flood, what reaches the server even if this machine is busy. */
  private static final int MANY = 5_000;

  private static final Duration LOOP_SHUT = Duration.ofSeconds(2);
  private static final Pattern LOST = Pattern.compile("([0-9.]+)% packet loss");

  /**
   * HOST COUNT: a client that says what no TAP would: so many frames in etherws.v2, each from an
   * address of its own, a hundred to a message. Then it stays.
   */
  private static final String ROGUE =
      """
      import socket, sys, time
      HOST, COUNT, BATCH, LENGTH = sys.argv[1], int(sys.argv[2]), 100, 60
      link = socket.create_connection((HOST, 80))
      link.sendall((
          f"GET /lab HTTP/1.1\\r\\nHost: {HOST}\\r\\nConnection: Upgrade\\r\\nUpgrade: websocket\\r\\n"
          "Sec-WebSocket-Version: 13\\r\\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\\r\\n"
          "Sec-WebSocket-Protocol: etherws.v2\\r\\n\\r\\n").encode())
      assert link.recv(4096).startswith(b"HTTP/1.1 101 ")

      def address(n): # each once, in no order
          return (0x02 << 40 | n * 0x9e3779b97f & 0xffffffffff).to_bytes(6, "big")

      def record(n):
          frame = address(n + COUNT) + address(n) + b"\\x88\\xb5" + bytes(LENGTH - 14)
          return bytes([0]) + LENGTH.to_bytes(3, "big") + bytes(6) + frame

      for first in range(0, COUNT, BATCH):
          message = b"".join(map(record, range(first, first + BATCH)))
          header = b"\\x82\\xfe" + len(message).to_bytes(2, "big")
          link.sendall(header + bytes(4) + message) # masked by zeros
          time.sleep(0.002)
      while link.recv(65536): pass
      """;

  /** DEVICE COUNT RATE: sends so many broadcasts, so many per second, out of a device. */
  private static final String FLOOD =
      """
      import socket, sys, time
      DEVICE, COUNT, RATE = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
      out = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
      out.bind((DEVICE, 0))
      mine, sent, start = out.getsockname()[4], 0, time.monotonic()
      while sent < COUNT:
          due = min(COUNT, int((time.monotonic() - start) * RATE))
          for n in range(sent, due):
              try: out.send(b"\\xff" * 6 + mine + b"\\x88\\xb5" + n.to_bytes(46, "big"))
              except BlockingIOError: pass
              except OSError as e:
                  if e.errno != 105: raise # ENOBUFS: the device's queue is full
          sent = due
          time.sleep(0.001)
      """;

  private static final String SERVER_CONFIG =
      """
      log-file = "server.log"
      control.socket = "server.sock"
      [[listen]]
      port = 80
      [network.lab]
      loop-shut = %1$d
      loop-shut-max = %1$d
      tap = [{ address = "%2$s/24" }]
      """
          .formatted(LOOP_SHUT.toSeconds(), SERVER);

  private Lab lab;
  private Host server;
  private Host good;
  private Host bad;

  @BeforeEach
  void connect() throws Exception {
    lab = Lab.open();
    lab.write("flood.py", FLOOD);
    lab.write("rogue.py", ROGUE);
    lab.write("server.toml", SERVER_CONFIG);
    server = lab.host("s");
    good = connected(1);
    bad = connected(2);
    server.etherws("run", lab.file("server.toml").toString()).succeed();
    join(good, 1);
  }

  private Host connected(int n) {
    Host client = lab.host("c" + n);
    lab.cable(server, "u" + n, client, "u0");
    server.run("ip", "addr", "add", "10.9." + n + ".1/24", "dev", "u" + n);
    client.run("ip", "addr", "add", "10.9." + n + ".2/24", "dev", "u0");
    return client;
  }

  private void join(Host client, int n) {
    client.etherws("client", "--uri", "ws://10.9." + n + ".1/lab").succeed();
    client.run("ip", "addr", "add", "198.51.100.1" + n + "/24", "dev", "ethws0");
    assertThat(client.pings(SERVER, 5)).isTrue();
  }

  @AfterEach
  void close() throws Exception {
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  void inventedAddressesFillNoTableAndDisturbNobody() throws Exception {
    Process rogue =
        bad.command("/usr/bin/python3", lab.file("rogue.py").toString(), "10.9.2.1", "" + INVENTED)
            .start(lab.file("rogue.log"));
    double lost = lostByTheGood();
    Lab.await("all have come in", Duration.ofSeconds(30), () -> cameInFrom("10.9.2.2") == INVENTED);

    assertThat(rogue.isAlive()).isTrue();
    assertThat(lost).isLessThanOrEqualTo(1);
    assertThat(fdbSize()).isBetween((long) MAC_LIMIT, MAC_LIMIT + 10L);
    assertThat(dropped("mac_limit")).isEqualTo(INVENTED - MAC_LIMIT);
    assertThat(good.pings(SERVER, 10)).isTrue();
  }

  @Test
  void aStormOfBroadcastsStaysWithItsSender() throws Exception {
    join(bad, 2);
    long before = good.statistic("ethws0", "rx_packets");

    Process flood = flood(150_000, 50_000);
    double lost = lostByTheGood();

    assertThat(flood.waitFor()).isZero();
    assertThat(lost).isLessThanOrEqualTo(1);
    assertThat(dropped("broadcast_storm")).isGreaterThan(MANY);
    assertThat(good.statistic("ethws0", "rx_packets") - before).isLessThan(PINGS + 10_000);
  }

  @Test
  void aLoopIsShutAndSaidAndTriedAgainUntilItIsGone() throws Exception {
    uplinks(1);
    bad.etherws("run", lab.file("bad.toml").toString()).succeed();
    assertThat(good.pings(BAD, 50)).isTrue();
    assertThat(troubles()).isEmpty();

    uplinks(2);
    asked(bad, "bad.sock", "reload");
    Instant looped = Instant.now();
    AtomicReference<String> said = new AtomicReference<>("");
    Process noise = flood(3_000, 1_000);
    Lab.await("a port is shut", Duration.ofSeconds(5), () -> isLoop(said));
    assertThat(shutSince(said.get())).isBefore(looped.plusSeconds(2));
    assertThat(said.get())
        .contains("10.9.2.2:")
        .containsPattern("a probe that left by \\S+ came in on 10\\.9\\.2\\.2:|moved between");
    assertThat(lostByTheGood()).isLessThanOrEqualTo(1);
    assertThat(noise.waitFor()).isZero();
    Lab.await("it is shut again", Duration.ofSeconds(10), () -> count("part of a loop") >= 2);
    assertThat(count("opened again")).isPositive();

    asked(bad, "bad.sock", "shut", "lab/2");
    Lab.await("it is open", Duration.ofSeconds(10), () -> troubles().isEmpty());
    long shut = count("part of a loop");
    assertThat(lostByTheGood()).isLessThanOrEqualTo(1);
    assertThat(count("part of a loop")).as("for good").isEqualTo(shut);
    Lab.await("it is reached", Duration.ofSeconds(15), () -> good.reaches(BAD));
  }

  /** The bad client's settings: it looks for no loop, that is the server's to find. */
  private void uplinks(int count) throws IOException {
    String uplink =
        """
        [[network.lab.uplink]]
        uri = "ws://10.9.2.1/lab"
        loop-guard = false
        """;
    lab.write(
        "bad.toml",
        """
        log-file = "bad.log"
        control.socket = "bad.sock"
        [network.lab]
        tap = [{ address = "%s/24" }]
        """
                .formatted(BAD)
            + uplink.repeat(count));
  }

  private Process flood(int count, int perSecond) {
    String program = lab.file("flood.py").toString();
    Command flood = bad.command("/usr/bin/python3", program, "ethws0", "" + count, "" + perSecond);
    return flood.start(lab.file("flood.log"));
  }

  /** Percent of three seconds of pings, the last of which may be late. */
  private double lostByTheGood() {
    String report =
        good.command("ping", "-n", "-q", "-i", "0.005", "-c", "" + PINGS, SERVER).run().output();
    Matcher lost = LOST.matcher(report);
    assertThat(lost.find()).as(report).isTrue();
    return Double.parseDouble(lost.group(1));
  }

  private String etherws(String... question) {
    return asked(server, "server.sock", question);
  }

  private String asked(Host host, String socket, String... words) {
    Stream<String> option = Stream.of("--socket", lab.file(socket).toString());
    return host.etherws(Stream.concat(Stream.of(words), option).toArray(String[]::new)).succeed();
  }

  /** The array of ports in trouble, in JSON without what is around it. */
  private String troubles() {
    return found("\"troubles\":\\[(.*)]", etherws("status", "--json")).strip();
  }

  private boolean isLoop(AtomicReference<String> said) {
    said.set(troubles());
    return said.get().contains("\"state\":\"loop\"");
  }

  private static Instant shutSince(String trouble) {
    return Instant.parse(found("\"until\":\"([^\"]+)\"", trouble)).minus(LOOP_SHUT);
  }

  private long fdbSize() {
    return Long.parseLong(found("\"fdb_size\":(\\d+)", etherws("networks", "--json")));
  }

  /** Frames of that client. */
  private long cameInFrom(String address) {
    String name = "\"name\":\"" + Pattern.quote(address) + ":";
    return Long.parseLong(found(name + ".*?\"ingress_frames\":(\\d+)", etherws("ports", "--json")));
  }

  private long dropped(String reason) {
    String ports = etherws("ports", "--json");
    return Long.parseLong(found("\"drops\":\\{[^}]*\"" + reason + "\":(\\d+)", ports));
  }

  private static String found(String pattern, String text) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertThat(matcher.find()).as("%s in %s", pattern, text).isTrue();
    return matcher.group(1);
  }

  private long count(String words) {
    Path log = lab.file("server.log");
    return server.run("cat", log.toString()).lines().filter(line -> line.contains(words)).count();
  }
}
