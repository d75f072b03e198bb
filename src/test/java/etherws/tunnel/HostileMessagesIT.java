package etherws.tunnel;

import static etherws.tunnel.RawPeer.BINARY;
import static etherws.tunnel.RawPeer.CLOSE;
import static etherws.tunnel.RawPeer.CONTINUATION;
import static etherws.tunnel.RawPeer.FIN;
import static etherws.tunnel.RawPeer.PING;
import static etherws.tunnel.RawPeer.PONG;
import static etherws.tunnel.RawPeer.TEXT;
import static etherws.tunnel.RawPeer.masked;
import static etherws.tunnel.RawPeer.unmasked;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.testing.Figure;
import etherws.testing.PrivateNetwork;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Everything in RFC 6455 that a client can do wrong, against a server that runs as for users. */
@ExtendWith(PrivateNetwork.class)
class HostileMessagesIT {
  private static final String V2 =
      Requests.BROWSER.replace(
          "Version: 13\n", "Version: 13\nSec-WebSocket-Protocol: etherws.v2\n");

  /** What somebody sends once he is in, and the close code that he gets. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Wrong(String name, int code, byte[] octets) {}

  private final List<Wrong> wrongs = new ArrayList<>();
  @TempDir private Path folder;

  @Test
  void everyBrokenRuleIsAnsweredWithItsCloseCode() throws Exception {
    framing();
    lengths();
    fragments();
    controls();
    texts();
    closes();
    try (LoneServer server = new LoneServer(folder, "server")) {
      Map<String, Future<Integer>> codes = new LinkedHashMap<>();
      SoftAssertions all = new SoftAssertions();
      try (ExecutorService threads = Executors.newFixedThreadPool(20)) {
        wrongs.forEach(w -> codes.put(w.name, threads.submit(() -> closeCode(w.octets))));
      }
      for (Wrong wrong : wrongs) {
        Future<Integer> code = Objects.requireNonNull(codes.get(wrong.name));
        all.assertThat(code).as(wrong.name).succeedsWithin(Duration.ZERO).isEqualTo(wrong.code);
      }
      all.assertAll();
      assertThat(server.troubles()).isEmpty();
      Figure.print("broken rules of RFC 6455", "%d, each with its close code", wrongs.size());
    }
  }

  private static int closeCode(byte[] octets) throws IOException {
    try (RawPeer peer = RawPeer.dial(80).say(V2)) {
      assertThat(peer.head()).startsWith("HTTP/1.1 101 ");
      peer.write(octets);
      RawPeer.Message message = peer.next(CLOSE);
      assertThat(peer.ended()).as("the server ends the connection").isTrue();
      return message.closeCode();
    }
  }

  private void framing() {
    wrong("not masked", 1002, unmasked(FIN | BINARY, new byte[60]));
    wrong("ping that is not masked", 1002, unmasked(FIN | PING, new byte[0]));
    for (int bit : new int[] {0x40, 0x20, 0x10}) {
      wrong("reserved bit " + bit, 1002, masked(FIN | bit | BINARY, new byte[60]));
      wrong("reserved bit of a ping " + bit, 1002, masked(FIN | bit | PING, new byte[0]));
    }
    for (int opcode : new int[] {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
      wrong("opcode " + opcode, 1002, masked(FIN | opcode, new byte[1]));
    }
    wrong("HTTP", 1002, RawPeer.octets("GET / HTTP/1.1\nHost: a\n\n"));
    wrong("a second handshake", 1002, RawPeer.octets(V2));
  }

  private void lengths() {
    wrong("2^63", 1002, header(FIN | BINARY, 127, Long.MIN_VALUE, 8));
    wrong("2^64 - 1", 1002, header(FIN | BINARY, 127, -1, 8));
    wrong("2^63 - 1", 1009, header(FIN | BINARY, 127, Long.MAX_VALUE, 8));
    wrong("2^32", 1009, header(FIN | BINARY, 127, 1L << 32, 8));
    wrong("2^31", 1009, header(FIN | BINARY, 127, 1L << 31, 8));
    wrong("one more than a message may have", 1009, header(FIN | BINARY, 127, (1 << 17) + 1, 8));
    wrong("2^63 - 1 of text", 1009, header(FIN | TEXT, 127, Long.MAX_VALUE, 8));
    wrong("125 in 16 bits", 1002, header(FIN | BINARY, 126, 125, 2));
    wrong("0 in 16 bits", 1002, header(FIN | BINARY, 126, 0, 2));
    wrong("65535 in 64 bits", 1002, header(FIN | BINARY, 127, 0xffff, 8));
  }

  private void fragments() {
    wrong("continuation of nothing", 1002, masked(FIN | CONTINUATION, new byte[3]));
    byte[] first = masked(BINARY, new byte[10]);
    wrong("a message inside another", 1002, all(first, masked(FIN | BINARY, new byte[3])));
    wrong("text inside a binary message", 1002, all(first, masked(TEXT, new byte[3])));
    wrong(
        "continuation after the last",
        1002,
        all(first, masked(FIN | CONTINUATION, new byte[0]), masked(CONTINUATION, new byte[1])));
    wrong("tiny fragments without end", 1008, all(first, times(1_000, masked(0, new byte[1]))));
    wrong("empty fragments without end", 1008, all(first, times(1_000, masked(0, new byte[0]))));
    wrong("large fragments without end", 1009, all(first, times(20, masked(0, new byte[9_000]))));
    wrong("a fragment of 2^63 - 1", 1009, all(first, header(0, 127, Long.MAX_VALUE, 8)));
  }

  private void controls() {
    for (int opcode : new int[] {CLOSE, PING, PONG}) {
      wrong("opcode " + opcode + " in fragments", 1002, masked(opcode, new byte[2]));
      wrong("opcode " + opcode + " of 126 octets", 1002, masked(FIN | opcode, new byte[126]));
      wrong("opcode " + opcode + " of 2^62 octets", 1002, header(FIN | opcode, 127, 1L << 62, 8));
    }
  }

  private void texts() {
    for (String hex : List.of("ff", "c080", "eda080", "f4908080", "e282", "80", "f8888080")) {
      byte[] octets = HexFormat.of().parseHex(hex);
      wrong("text " + hex, 1007, masked(FIN | TEXT, octets));
      byte[] close = all(new byte[] {3, (byte) 0xe8}, octets);
      wrong("close reason " + hex, 1007, masked(FIN | CLOSE, close));
    }
    byte[] euro = "€".getBytes(UTF_8);
    byte[] cut = all(masked(TEXT, new byte[] {euro[0]}), masked(0, new byte[] {euro[1]}));
    wrong("text cut inside €", 1007, all(cut, masked(FIN, new byte[0])));
    byte[] whole = all(cut, masked(FIN, new byte[] {euro[2]}), masked(FIN | CLOSE, new byte[0]));
    wrong("nothing: € in three fragments, then a close", 1000, whole);
  }

  private void closes() {
    wrong("close of one octet", 1002, masked(FIN | CLOSE, new byte[1]));
    int[] unusable = {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2999, 5000, 65_535};
    IntStream.of(unusable).forEach(code -> wrong("close " + code, 1002, close(code)));
    int[] good = {1000, 1001, 1002, 1003, 1007, 1011, 1014, 3000, 4999};
    IntStream.of(good).forEach(code -> wrong("nothing: close " + code, code, close(code)));
    wrong("nothing: an empty close", 1000, masked(FIN | CLOSE, new byte[0]));
    wrong("frames after a close", 1001, all(close(1001), times(50, masked(FIN | 3, new byte[99]))));
    wrong("batch that is cut short", 1002, masked(FIN | BINARY, new byte[9]));
    wrong(
        "record over its message",
        1002,
        masked(FIN | BINARY, new byte[] {0, 0, 0, 1, 0, 0, 0, 0, 0, 0}));
  }

  private void wrong(String name, int code, byte[] octets) {
    wrongs.add(new Wrong(name, code, octets));
  }

  private static byte[] close(int code) {
    return masked(FIN | CLOSE, new byte[] {(byte) (code >> 8), (byte) code});
  }

  /** A masked header that announces a length in this many octets, and a little of the payload. */
  private static byte[] header(int first, int shortLength, long length, int octets) {
    byte[] all = ByteBuffer.allocate(8).putLong(length).array();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(first);
    out.write(0x80 | shortLength);
    out.write(all, 8 - octets, octets);
    out.writeBytes(new byte[4 + 100]);
    return out.toByteArray();
  }

  private static byte[] all(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static byte[] times(int count, byte[] part) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < count; i++) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
