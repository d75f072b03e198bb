package etherws.tunnel;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.testing.Certificates;
import etherws.testing.Figure;
import etherws.testing.Lab;
import etherws.testing.PrivateNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** What somebody who never says who he is may cost: 10 seconds and 64 KiB. */
@Isolated
@ExtendWith(PrivateNetwork.class)
class HostileStrangersIT {
  private static final int MANY = 500;

  /** They shake hands one after the other, and the first may not be sent away before the last. */
  private static final int MANY_OVER_TLS = 200;

  private static final int WARM_UP = 200;
  private static final int MOST_KIB = 64;
  private static final double MOST_SECONDS = 10;
  private static final byte[] NOTHING = {};
  private static final byte[] HEAD = "GET / HTTP/1.1\r\nCookie: ".getBytes(US_ASCII);

  /** The first record of a ClientHello that says it has 16 MiB. */
  private static final byte[] HELLO = clientHello(0x0303, 0xffffff, 0x4000);

  @TempDir private Path folder;

  /** How far he goes before he stands still. */
  enum Kind {
    SILENT(false),
    HALF_A_HEAD(false),
    MANY_HEADERS(false),
    SILENT_TLS(true),
    HALF_A_CLIENT_HELLO(true),
    TLS_DONE(true),
    TLS_AND_HALF_A_HEAD(true);

    private final boolean tls;

    Kind(boolean tls) {
      this.tls = tls;
    }

    Stranger come() throws Exception {
      return switch (this) {
        case SILENT -> Stranger.dial(80);
        case HALF_A_HEAD -> Stranger.dial(80).say(HEAD).say(new byte[11 << 10]);
        case MANY_HEADERS ->
            Stranger.dial(80).say(("GET / HTTP/1.1\r\n" + "a:b\r\n".repeat(99)).getBytes(US_ASCII));
        case SILENT_TLS -> Stranger.dial(443);
        case HALF_A_CLIENT_HELLO -> Stranger.dial(443).say(HELLO).say(new byte[0x4000 - 5 - 100]);
        case TLS_DONE -> Stranger.overTls(443);
        case TLS_AND_HALF_A_HEAD ->
            Stranger.overTls(443).say(HEAD).say("a".repeat(11 << 10).getBytes(US_ASCII));
      };
    }
  }

  private LoneServer server(boolean tls) throws Exception {
    if (!tls) {
      return new LoneServer(folder, "server");
    }
    Certificates.make(folder, "EC SEC1", "IP:127.0.0.1");
    return new LoneServer(
        folder,
        "server",
        "--keyfile",
        folder.resolve("ssl.key").toString(),
        "--certfile",
        folder.resolve("ssl.crt").toString());
  }

  @ParameterizedTest
  @EnumSource(names = {"MANY_HEADERS", "TLS_AND_HALF_A_HEAD"})
  void manyOfTheCostliestCostLittleMemory(Kind kind) throws Exception {
    costLittleMemory(kind);
  }

  @ParameterizedTest
  @Tag("long")
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"MANY_HEADERS", "TLS_AND_HALF_A_HEAD"})
  void manyOfTheOthersCostLittleMemory(Kind kind) throws Exception {
    costLittleMemory(kind);
  }

  private void costLittleMemory(Kind kind) throws Exception {
    String name = kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    int many = kind.tls ? MANY_OVER_TLS : MANY;
    costLittleMemory(name, kind.tls, kind::come, many, many);
  }

  /**
   * @param many how many come
   * @param stay how many of them the server keeps
   */
  private void costLittleMemory(
      String name, boolean tls, Callable<Stranger> come, int many, int stay) throws Exception {
    List<Stranger> strangers = new ArrayList<>();
    try (LoneServer server = server(tls)) {
      for (int i = 0; i < WARM_UP; i++) {
        come.call().close(); // else the heap's first megabytes are counted as his
      }
      awaitRead(0);
      long before = server.residentKib();
      for (int i = 0; i < many; i++) {
        strangers.add(come.call());
      }
      awaitRead(stay);
      double each = (server.residentKib() - before) / (double) many;
      Figure.print(
          "a stranger, " + name, "%.1f KiB of RSS each, of %d (at most %d)", each, many, MOST_KIB);
      assertThat(each).isLessThanOrEqualTo(MOST_KIB);
      assertThat(server.troubles()).isEmpty();
    } finally {
      for (Stranger stranger : strangers) {
        stranger.close();
      }
    }
  }

  /** Waits until the server has accepted so many connections and read all that they said. */
  private static void awaitRead(int connections) {
    Lab.await(
        "all is read",
        Duration.ofSeconds(8),
        () -> {
          int established = 0;
          for (String line : sockets()) {
            String[] fields = line.strip().split("\\s+", -1);
            boolean servers = fields[1].endsWith(":0050") || fields[1].endsWith(":01BB");
            if (servers && fields[3].equals("01")) {
              established++;
              if (!fields[4].endsWith(":00000000")) {
                return false;
              }
            }
          }
          return established == connections;
        });
  }

  private static List<String> sockets() {
    List<String> lines = new ArrayList<>();
    for (String file : new String[] {"tcp", "tcp6"}) {
      try {
        List<String> all = Files.readAllLines(Path.of("/proc/thread-self/net/" + file));
        lines.addAll(all.subList(1, all.size()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return lines;
  }

  @Test
  void noneGetsMoreThanTenSecondsHoweverHeSpreadsHisOctets() throws Exception {
    Map<String, Callable<Double>> cases = new LinkedHashMap<>();
    byte[] head = ("GET / HTTP/1.1\r\n" + "a: b\r\n".repeat(90)).getBytes(US_ASCII);
    cases.put("silent", () -> Stranger.dial(80).drip(NOTHING));
    cases.put("a head, octet by octet", () -> Stranger.dial(80).drip(head));
    cases.put("half a head", () -> Stranger.dial(80).say(HEAD).drip(NOTHING));
    cases.put(
        "blank lines for ever", () -> Stranger.dial(80).drip("\r\n".repeat(99).getBytes(US_ASCII)));
    cases.put(
        "refused, and talks on",
        () -> Stranger.dial(80).say("x\r\n\r\n".getBytes(US_ASCII)).drip(head));
    cases.put(
        "a body for ever",
        () ->
            Stranger.dial(80)
                .say("POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n".getBytes(US_ASCII))
                .drip(head));
    cases.put("silent, TLS", () -> Stranger.dial(443).drip(NOTHING));
    cases.put("a ClientHello, octet by octet", () -> Stranger.dial(443).drip(HELLO));
    cases.put("TLS, then silent", () -> Stranger.overTls(443).drip(NOTHING));
    cases.put("TLS, then a head, octet by octet", () -> Stranger.overTls(443).drip(head));
    cases.put(
        "TLS, refused, and talks on",
        () -> Stranger.overTls(443).say("x\r\n\r\n".getBytes(US_ASCII)).drip(head));
    Path plain = Files.createDirectory(folder.resolve("plain"));
    try (LoneServer tls = server(true);
        LoneServer http = new LoneServer(plain, "server");
        ExecutorService threads = Executors.newCachedThreadPool()) {
      Map<String, Future<Double>> running = new LinkedHashMap<>();
      cases.forEach((name, stranger) -> running.put(name, threads.submit(stranger)));
      double longest = 0;
      for (Map.Entry<String, Future<Double>> entry : running.entrySet()) {
        double seconds = entry.getValue().get();
        assertThat(seconds).as(entry.getKey()).isLessThan(Figure.SLACK * MOST_SECONDS);
        longest = Math.max(longest, seconds);
      }
      Figure.print(
          "a slow stranger", "gone after %.1f s (at most 10), in %d ways", longest, cases.size());
      assertThat(tls.troubles()).isEmpty();
      assertThat(http.troubles()).isEmpty();
    }
  }

  /** protocol_version (70) is the alert for what is too old; SSL 2 has none. */
  @ParameterizedTest
  @CsvSource({"0x0300", "0x0301", "0x0302"})
  void anOldVersionOfTlsIsRefusedByAnAlert(String version) throws Exception {
    try (LoneServer server = server(true);
        RawPeer peer = RawPeer.dial(443)) {
      peer.write(oldHello(Integer.decode(version)));

      byte[] alert = peer.read();
      assertThat(HexFormat.of().formatHex(alert)).startsWith("15").endsWith("00020246");
      assertThat(peer.ended()).isTrue();
      assertThat(server.troubles()).isEmpty();
    }
  }

  @Test
  void aClientHelloOf16MiBIsCutOffEarly() throws Exception {
    try (LoneServer server = server(true)) {
      sendEndlessHello(); // else the loading of classes is counted as his
      long before = server.residentKib();
      int kib = sendEndlessHello();
      long grown = server.residentKib() - before;
      Figure.print(
          "a ClientHello of 16 MiB",
          "cut off before %d KiB were sent, most of which the kernels held; RSS + %d KiB",
          kib,
          grown);
      assertThat(kib).isLessThan(8 << 10);
      assertThat(server.troubles()).isEmpty();
    }
  }

  /** By that many at once, so that what is there anyway doesn't count. */
  @Test
  void manyClientHellosOf16MiBCostLittleMemory() throws Exception {
    costLittleMemory(
        "128 KiB of a ClientHello of 16 MiB, cut off",
        true,
        () -> {
          Stranger stranger = Stranger.dial(443);
          sendHello(stranger, 8);
          return stranger;
        },
        MANY,
        0);
  }

  /** KiB that could be sent. */
  private static int sendEndlessHello() throws IOException {
    try (Stranger stranger = Stranger.dial(443)) {
      return sendHello(stranger, 1024) * 16;
    }
  }

  /** Records that could be sent, of so many. */
  private static int sendHello(Stranger stranger, int records) throws IOException {
    int sent = 0;
    try {
      stranger.say(HELLO).say(new byte[0x4000 - HELLO.length + 5]);
      byte[] record = new byte[5 + 0x4000];
      System.arraycopy(new byte[] {0x16, 3, 3, 0x40, 0}, 0, record, 0, 5);
      for (sent = 1; sent < records; sent++) {
        stranger.say(record);
      }
    } catch (SocketException e) {
      assertThat(e).hasMessageMatching("Broken pipe|Connection reset.*");
    }
    return sent;
  }

  private static byte[] clientHello(int version, int length, int recordLength) {
    byte[] hello = new byte[5 + 4 + 2];
    hello[0] = 0x16;
    hello[1] = 3;
    hello[2] = 1;
    hello[3] = (byte) (recordLength >> 8);
    hello[4] = (byte) recordLength;
    hello[5] = 1;
    hello[6] = (byte) (length >> 16);
    hello[7] = (byte) (length >> 8);
    hello[8] = (byte) length;
    hello[9] = (byte) (version >> 8);
    hello[10] = (byte) version;
    return hello;
  }

  /** Whole, with a suite of its time and no extensions. */
  private static byte[] oldHello(int version) {
    int body = 2 + 32 + 1 + 4 + 2;
    byte[] start = clientHello(version, body, 4 + body);
    byte[] hello = java.util.Arrays.copyOf(start, 5 + 4 + body);
    byte[] end = {0, 0, 2, 0, 0x2f, 1, 0};
    System.arraycopy(end, 0, hello, hello.length - end.length, end.length);
    return hello;
  }
}
