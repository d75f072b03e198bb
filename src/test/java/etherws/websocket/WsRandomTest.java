package etherws.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever is written is read again, however the octets are cut; whatever else comes is survived.
 */
class WsRandomTest {
  private static final WsLimits LIMITS = new WsLimits(1 << 20, 16);
  private static final int RUNS = 30;

  private final List<String> expected = new ArrayList<>();
  private final RecordingSink sink = new RecordingSink();

  static Stream<Arguments> kindsAndRoles() {
    return Arrays.stream(Buffers.Kind.values())
        .flatMap(kind -> Stream.of(Arguments.of(kind, true), Arguments.of(kind, false)));
  }

  @ParameterizedTest
  @MethodSource("kindsAndRoles")
  void readsWhatWasWritten(Buffers.Kind kind, boolean masked) {
    IntStream.range(0, RUNS).forEach(seed -> readsWhatWasWritten(kind, masked, seed));
  }

  private void readsWhatWasWritten(Buffers.Kind kind, boolean masked, int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] wire = randomMessages(random, masked);
    Buffers buffers = new Buffers(kind);
    WsReader reader = new WsReader(masked, LIMITS, sink);

    int maxChunk = wire.length / 2_000 + (1 << random.nextInt(19));
    for (int at = 0, next; at < wire.length; at = next) {
      next = Math.min(wire.length, at + 1 + random.nextInt(maxChunk));
      buffers.read(reader, Arrays.copyOfRange(wire, at, next));
    }

    assertThat(sink.events).as("seed %d", seed).isEqualTo(expected);
    assertThat(buffers.held()).as("seed %d", seed).isZero();
    sink.events.clear();
    expected.clear();
  }

  @ParameterizedTest
  @MethodSource("kindsAndRoles")
  void survivesRandomOctets(Buffers.Kind kind, boolean masked) {
    IntStream.range(0, 10 * RUNS).forEach(seed -> survivesRandomOctets(kind, masked, seed));
  }

  /** Good messages with a few octets changed, which get further than noise. */
  private void survivesRandomOctets(Buffers.Kind kind, boolean masked, int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] wire = Arrays.copyOf(randomMessages(random, masked), 5_000);
    for (int i = 0; i < 20; i++) {
      wire[random.nextInt(random.nextBoolean() ? 40 : wire.length)] = (byte) random.nextInt();
    }
    Buffers buffers = new Buffers(kind);
    WsReader reader = new WsReader(masked, LIMITS, sink);
    try {
      for (int at = 0; at < wire.length; at += 50) {
        buffers.read(reader, Arrays.copyOfRange(wire, at, at + 50));
      }
    } catch (WebSocketException e) {
      assertThat(CloseCode.mayBeSent(e.closeCode())).as("seed %d", seed).isTrue();
      assertThat(buffers.held()).as("seed %d", seed).isZero();
    }
    reader.close();
    assertThat(buffers.held()).as("seed %d", seed).isZero();
    sink.events.clear();
    expected.clear();
  }

  private byte[] randomMessages(SplittableRandom random, boolean masked) {
    ByteBuf wire = Unpooled.buffer();
    WsWriter writer = masked ? WsWriter.masked(random.split()) : WsWriter.unmasked();
    for (int i = random.nextInt(30); i >= 0; i--) {
      switch (random.nextInt(4)) {
        case 0 -> writeBinary(writer, wire, random);
        case 1 -> writeText(writer, wire, random);
        case 2 -> writeControl(writer, wire, random);
        default -> writeFragments(writer, wire, random, masked);
      }
    }
    if (random.nextBoolean()) {
      int code = 3000 + random.nextInt(2000);
      writer.close(wire, code, "bye");
      expected.add("close " + code + " bye");
      writer.ping(wire, Unpooled.EMPTY_BUFFER, 0, 0);
    }
    return ByteBufUtil.getBytes(wire);
  }

  private void writeBinary(WsWriter writer, ByteBuf wire, SplittableRandom random) {
    byte[] payload = randomOctets(random);
    writer.binary(wire, Unpooled.wrappedBuffer(payload), 0, payload.length);
    expected.add("binary " + ByteBufUtil.hexDump(payload));
  }

  private void writeText(WsWriter writer, ByteBuf wire, SplittableRandom random) {
    String text = "aé€😀".repeat(random.nextInt(100));
    writer.text(wire, text);
    expected.add("text " + text);
  }

  private void writeControl(WsWriter writer, ByteBuf wire, SplittableRandom random) {
    byte[] payload = Arrays.copyOf(randomOctets(random), random.nextInt(126));
    ByteBuf buffer = Unpooled.wrappedBuffer(payload);
    if (random.nextBoolean()) {
      writer.ping(wire, buffer, 0, payload.length);
      expected.add("ping " + ByteBufUtil.hexDump(payload));
    } else {
      writer.pong(wire, buffer, 0, payload.length);
      expected.add("pong " + ByteBufUtil.hexDump(payload));
    }
  }

  private void writeFragments(
      WsWriter writer, ByteBuf wire, SplittableRandom random, boolean masked) {
    boolean text = random.nextBoolean();
    byte[] payload =
        text ? "€uro".repeat(random.nextInt(100)).getBytes(UTF_8) : randomOctets(random);
    int fragments = 2 + random.nextInt(LIMITS.maxFragments() - 1);
    for (int i = 1, from = 0; i <= fragments; i++) {
      boolean fin = i == fragments;
      int to = fin ? payload.length : from + random.nextInt(payload.length - from + 1);
      int opcode = i > 1 ? WsHeader.CONTINUATION : text ? WsHeader.TEXT : WsHeader.BINARY;
      byte[] part = Arrays.copyOfRange(payload, from, to);
      wire.writeBytes(Wire.frame(fin, opcode, masked, random.nextInt(), part));
      if (!fin && random.nextInt(3) == 0) {
        writeControl(writer, wire, random);
      }
      from = to;
    }
    expected.add(
        text ? "text " + new String(payload, UTF_8) : "binary " + ByteBufUtil.hexDump(payload));
  }

  private static byte[] randomOctets(SplittableRandom random) {
    byte[] octets = new byte[random.nextInt(1 << random.nextInt(1, 18))];
    random.nextBytes(octets);
    return octets;
  }
}
