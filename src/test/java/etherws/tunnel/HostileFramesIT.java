package etherws.tunnel;

import static etherws.tunnel.RawPeer.BINARY;
import static etherws.tunnel.RawPeer.CLOSE;
import static etherws.tunnel.RawPeer.FIN;
import static etherws.tunnel.RawPeer.TEXT;
import static etherws.tunnel.RawPeer.masked;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.frame.EthernetFrame;
import etherws.frame.Packet;
import etherws.testing.Command;
import etherws.testing.Figure;
import etherws.testing.Host;
import etherws.testing.Lab;
import etherws.testing.PrivateNetwork;
import etherws.tunnel.VnetCases.Fate;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Two hostile clients and a good one in a network with a TAP. What reaches the kernel is what was
 * sent, or a frame with offload facts that are true; all else is a counted drop.
 *
 * <pre>
 *   plain wire ----+
 *   etherws.v2 ----+-- server 198.51.100.10 (TAP, tcpdump)
 *   good client ---+   198.51.100.11 pings it all the time
 * </pre>
 */
@Isolated
@ExtendWith(PrivateNetwork.class)
class HostileFramesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final byte[] TAP = HexFormat.of().parseHex("0200000000fe");
  private static final String PROBES = "036574687773";
  private static final int MUTANTS = 200;
  private static final int MOST_MIB = 32;
  private static final Pattern LOSS = Pattern.compile("([0-9.]+)% packet loss");
  private static final String CONFIG =
      """
      control.socket = "server.sock"
      [[listen]]
      port = 80
      [network.lab]
      tap = [{ device = "ethws0", mac = "02:00:00:00:00:fe", address = "198.51.100.10/24" }]
      """;

  private final Fates fates = new Fates();
  private final Random random = new Random(200);
  @TempDir private Path folder;

  @Test
  void nothingMalformedGetsThroughAndNobodyElseNotices() throws Exception {
    Path config = Files.writeString(folder.resolve("server.toml"), CONFIG);
    try (Lab lab = Lab.open();
        LoneServer server = new LoneServer(folder, "run", config.toString());
        Sightings sightings = new Sightings(folder, "ethws0")) {
      Host good = goodClient(lab);
      Process pings =
          good.command("ping", "-n", "-q", "-i", "0.01", "198.51.100.10").start(lab.file("pings"));
      long before = server.residentKib();
      try (RawPeer plain = join(Requests.BROWSER);
          RawPeer batches = join(offeringV2())) {
        attack(plain, batches);
        Lab.await(
            "all that is good is seen",
            PATIENCE,
            () -> sightings.frames().containsAll(fates.expected()));
        assertThat(server.clientDrops()).containsAllEntriesOf(fates.drops());
      }
      double grown = (server.residentKib() - before) / 1024.0;
      assertThat(strange(sightings, good)).isEmpty();
      assertThat(PrivateNetwork.run("ip", "-s", "-s", "link", "show", "ethws0"))
          .containsPattern("RX errors: +length +crc +frame +fifo +overrun.*\\n +0 +0 +0 +0 +0");
      double lost = lost(pings, lab);
      Figure.print(
          "hostile frames",
          "%d of %d reached the TAP; dropped: %s",
          fates.expected().size(),
          fates.sent(),
          fates.drops());
      Figure.print("hostile frames, memory", "RSS + %.1f MiB (at most %d)", grown, MOST_MIB);
      Figure.print("hostile frames, pings of others", "%.2f %% lost (at most 1)", lost);
      assertThat(grown).isLessThanOrEqualTo(MOST_MIB);
      assertThat(lost).isLessThan(Figure.SLACK);
      assertThat(server.troubles()).isEmpty();
    }
  }

  private Host goodClient(Lab lab) throws Exception {
    Host good = lab.host("g");
    PrivateNetwork.run(
        "ip", "link", "add", "g0", "type", "veth", "peer", "name", "u0", "netns", good.name());
    PrivateNetwork.run("ip", "addr", "add", "10.9.0.1/24", "dev", "g0");
    PrivateNetwork.run("ip", "link", "set", "g0", "up");
    good.run("ip", "addr", "add", "10.9.0.2/24", "dev", "u0");
    good.run("ip", "link", "set", "u0", "up");
    good.etherws(
            "client", "--uri", "ws://10.9.0.1/lab", "--log-file", lab.file("good.log").toString())
        .succeed();
    good.run("ip", "addr", "add", "198.51.100.11/24", "dev", "ethws0");
    Lab.await("it is reached", PATIENCE, () -> good.reaches("198.51.100.10"));
    return good;
  }

  private static String offeringV2() {
    return Requests.BROWSER.replace(
        "Version: 13\n", "Version: 13\nSec-WebSocket-Protocol: etherws.v2\n");
  }

  private static RawPeer join(String request) throws IOException {
    RawPeer peer = RawPeer.dial(80).say(request.replace("GET / ", "GET /lab "));
    assertThat(peer.head()).startsWith("HTTP/1.1 101 ");
    return peer;
  }

  private void attack(RawPeer plain, RawPeer batches) throws IOException {
    runtsAndGiants(plain, batches);
    oddEthernet(plain, batches);
    for (VnetCases.Case vnet : VnetCases.all()) {
      byte[] octets = toTap(vnet.octets());
      byte[] ours = batch(batches, vnet.type(), vnet.segmentSize(), octets);
      boolean taken =
          vnet.fate() != Fate.SKIPPED && fates.of(vnet.type(), vnet.segmentSize(), ours);
      assertThat(taken).as(vnet.name()).isEqualTo(vnet.fate() == Fate.TAKEN);
    }
    for (int i = 0; i < MUTANTS; i++) {
      byte[] mutant = mutant(i);
      plain.write(masked(FIN | BINARY, mutant));
      fates.of(0, 0, mutant);
      int size = 536 + random.nextInt(900);
      fates.of(i % 4, size, batch(batches, i % 4, size, mutant));
    }
    texts(batches);
    brokenMessages();
  }

  private void runtsAndGiants(RawPeer plain, RawPeer batches) throws IOException {
    byte[] longest = toTap(Packet.udp(false, new byte[EthernetFrame.MAX_LENGTH - 42]).octets());
    for (int length = 0; length < 14; length++) {
      plain.write(masked(FIN | BINARY, Arrays.copyOf(longest, length)));
      batch(batches, length % 4, 1400, Arrays.copyOf(longest, length));
      fates.dropped("runt", 2);
    }
    for (byte[] frame : List.of(Arrays.copyOf(longest, 14), Arrays.copyOf(longest, 15), longest)) {
      plain.write(masked(FIN | BINARY, frame));
      fates.of(0, 0, frame);
      fates.of(0, 0, batch(batches, 0, 0, frame));
    }
    batch(batches, 0, 0, Arrays.copyOf(longest, EthernetFrame.MAX_LENGTH + 1));
    fates.dropped("giant", 1);
    closed(Requests.BROWSER, 1009, new byte[EthernetFrame.MAX_LENGTH + 1]);
    closed(Requests.BROWSER, 1009, new byte[1 << 20]);
    closed(offeringV2(), 1009, new byte[1 << 20]);
  }

  private void oddEthernet(RawPeer plain, RawPeer batches) throws IOException {
    int[] tags = new int[300];
    Arrays.fill(tags, 0x8100_0001);
    byte[] tagged = toTap(Packet.tcp(false, new byte[100]).tagged(tags).octets());
    plain.write(masked(FIN | BINARY, tagged));
    fates.of(0, 0, tagged);
    fates.of(0, 0, batch(batches, 0, 0, tagged));
    batch(batches, 1, 0, tagged);
    fates.dropped("offload", 1);
    for (String source : List.of("ffffffffffff", "01005e000001", "333300000001", "000000000000")) {
      byte[] frame = toTap(Packet.tcp(false, new byte[100]).octets());
      System.arraycopy(HexFormat.of().parseHex(source), 0, frame, 6, 6);
      plain.write(masked(FIN | BINARY, frame));
      batch(batches, 0, 0, frame);
      fates.dropped("source", 2);
    }
  }

  /** Control messages as nobody should write them; those that end the link come by their own. */
  private static void texts(RawPeer batches) throws IOException {
    for (String text :
        List.of(
            "",
            " ",
            "{",
            "}",
            "null",
            "[]",
            "{}",
            "[".repeat(10_000),
            "{\"a\":".repeat(10_000),
            "{\"type\":1}",
            "{\"hello\":[]}",
            "{\"hello\":{\"mtu\":1e999}}",
            "\u0000",
            "ping:",
            "{\"hello\":{\"mtu\":-1,\"capabilities\":{}}}",
            "\"" + "a".repeat(100_000) + "\"",
            "9".repeat(100_000),
            "{\"going-away\":{\"delay\":-9223372036854775809}}")) {
      batches.write(masked(FIN | TEXT, text.getBytes(UTF_8)));
    }
  }

  private void brokenMessages() throws IOException {
    byte[] frame = from(0x0e, toTap(Packet.tcp(false, new byte[1_000]).octets()));
    byte[] whole = record(0, 0, frame);
    for (int cut : new int[] {1, 9, 10, 11, 500, whole.length - 1}) {
      closed(offeringV2(), 1002, Arrays.copyOf(whole, cut));
    }
    byte[] lying = whole.clone();
    lying[1] = (byte) 0xff;
    closed(offeringV2(), 1002, lying);
    closed(offeringV2(), 1002, Arrays.copyOf(whole, whole.length + 9));
    fates.of(0, 0, frame); // it came before what is wrong
    closed(offeringV2(), 1002, Arrays.copyOf(new byte[0], 13_001)); // 1,300 runts, and an octet
  }

  /** Somebody else sends this message, and is closed. */
  private static void closed(String request, int code, byte[] message) throws IOException {
    try (RawPeer peer = join(request)) {
      peer.write(masked(FIN | BINARY, message));
      assertThat(peer.next(CLOSE).closeCode()).isEqualTo(code);
    }
  }

  /** Sends one record; its frame, which comes from an address of that peer's own. */
  private static byte[] batch(RawPeer peer, int type, int segmentSize, byte[] frame)
      throws IOException {
    byte[] ours = from(0x0c, frame);
    peer.write(masked(FIN | BINARY, record(type, segmentSize, ours)));
    return ours;
  }

  /** Our usual source address with another last octet; other addresses stay. */
  private static byte[] from(int source, byte[] frame) {
    byte[] changed = frame.clone();
    if (frame.length >= 12 && frame[6] == 2 && frame[11] == 0x0a) {
      changed[11] = (byte) source;
    }
    return changed;
  }

  private static byte[] record(int type, int segmentSize, byte[] octets) {
    ByteBuf out = Unpooled.buffer().writeByte(type).writeMedium(octets.length);
    out.writeShort(segmentSize).writeInt(random32(octets)).writeBytes(octets);
    return ByteBufUtil.getBytes(out);
  }

  /** The reserved octets, that nobody looks at. */
  private static int random32(byte[] octets) {
    return Arrays.hashCode(octets);
  }

  private static byte[] toTap(byte[] octets) {
    byte[] changed = octets.clone();
    System.arraycopy(TAP, 0, changed, 0, TAP.length);
    return changed;
  }

  private byte[] mutant(int i) {
    byte[] payload = Packet.octets(random, 1 + random.nextInt(6_000));
    Packet packet = i % 2 == 0 ? Packet.tcp(i % 3 == 0, payload) : Packet.udp(i % 3 == 0, payload);
    int[] tags = i % 5 == 0 ? new int[] {0x8100_0007} : new int[0];
    byte[] octets = toTap(packet.from(10_000 + i).tagged(tags).octets());
    for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
      int headers = Math.min(60, octets.length - 12);
      octets[12 + random.nextInt(headers)] = (byte) random.nextInt();
    }
    return random.nextInt(4) == 0
        ? Arrays.copyOf(octets, 14 + random.nextInt(octets.length - 14))
        : octets;
  }

  /** Frames that nobody should have sent to the kernel. */
  private List<String> strange(Sightings sightings, Host good) {
    String source = good.run("cat", "/sys/class/net/ethws0/address").strip().replace(":", "");
    return sightings.frames().stream()
        .filter(f -> !fates.expected().contains(f))
        .filter(f -> !f.startsWith(source, 12) && !f.startsWith(PROBES))
        .toList();
  }

  private static double lost(Process pings, Lab lab) throws Exception {
    Command.of("kill", "-INT", String.valueOf(pings.pid())).succeed();
    pings.waitFor();
    Matcher lost = LOSS.matcher(Files.readString(lab.file("pings")));
    assertThat(lost.find()).isTrue();
    return Double.parseDouble(lost.group(1));
  }
}
