package etherws.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WsWriterTest {
  /** The key of the RFC's examples, for ever. */
  private static final RandomGenerator RFC_KEY =
      new RandomGenerator() {
        @Override
        public long nextLong() {
          return 0x37fa_213d_37fa_213dL;
        }
      };

  private final Buffers buffers = new Buffers(Buffers.Kind.DIRECT);
  private final WsWriter hub = WsWriter.unmasked();
  private final WsWriter spoke = WsWriter.masked(RFC_KEY);
  private ByteBuf out;

  @BeforeEach
  void emptyBuffer() {
    out = buffers.empty(16);
  }

  @AfterEach
  void nothingLeftOver() {
    assertThat(out.readableBytes()).as("octets left over").isZero();
    out.release();
    assertThat(buffers.held()).isZero();
  }

  @Test
  void writesTheExamplesOfTheRfc() {
    hub.text(out, "Hello");
    assertWritten("81 05 48 65 6c 6c 6f");
    spoke.text(out, "Hello");
    assertWritten("81 85 37 fa 21 3d 7f 9f 4d 51 58");
    hub.ping(out, payload("Hello"), 0, 5);
    assertWritten("89 05 48 65 6c 6c 6f");
    spoke.pong(out, payload("Hello"), 0, 5);
    assertWritten("8a 85 37 fa 21 3d 7f 9f 4d 51 58");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 82 00, 82 80",
    "125, 82 7d, 82 fd",
    "126, 82 7e 00 7e, 82 fe 00 7e",
    "65535, 82 7e ff ff, 82 fe ff ff",
    "65536, 82 7f 00 00 00 00 00 01 00 00, 82 ff 00 00 00 00 00 01 00 00",
  })
  void writesEveryFormOfLength(int length, String header, String maskedHeader) {
    byte[] payload = new byte[length];
    String octets = "00".repeat(length);
    String masked = ByteBufUtil.hexDump(Wire.mask(payload, 0x37fa_213d));

    hub.binary(out, Unpooled.wrappedBuffer(payload), 0, length);
    assertThat(WsWriter.headerLength(length, false)).isEqualTo(out.readableBytes() - length);
    assertWritten(header + octets);

    spoke.binary(out, Unpooled.wrappedBuffer(payload), 0, length);
    assertThat(WsWriter.headerLength(length, true)).isEqualTo(out.readableBytes() - length);
    assertWritten(maskedHeader + "37fa213d" + masked);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 125, 126, 65_535, 65_536})
  void wrapsInPlaceWhatItWouldHaveCopied(int length) {
    byte[] payload = new byte[length];
    Arrays.fill(payload, (byte) 0x11);
    for (WsWriter writer : new WsWriter[] {hub, spoke}) {
      writer.binary(out, Unpooled.wrappedBuffer(payload), 0, length);
      ByteBuf built = buffers.empty(WsWriter.HEADROOM);
      WsWriter.reserve(built);
      built.writeBytes(payload);

      writer.wrap(built);

      assertThat(built).isEqualTo(out);
      built.release();
      out.clear();
    }
  }

  @Test
  void appendsToWhatIsThere() {
    hub.binary(out, payload("..a."), 2, 1);
    hub.binary(out, payload("..b."), 2, 1);
    hub.close(out, CloseCode.NORMAL, "");

    assertWritten("82 01 61  82 01 62  88 02 03 e8");
  }

  @Test
  void leavesThePayloadAsItWas() {
    ByteBuf payload = payload("abc");
    spoke.binary(out, payload, 0, 3);
    out.clear();

    assertThat(payload.toString(UTF_8)).isEqualTo("abc");
  }

  @ParameterizedTest
  @CsvSource({"é, c3 a9", "€, e2 82 ac", "😀, f0 9f 98 80"})
  void writesTextOfAnyWidth(String text, String octets) {
    hub.text(out, text);

    assertWritten("81 %02x %s".formatted(Buffers.octets(octets).length, octets));
  }

  @Test
  void halfACharacterBecomesAQuestionMark() {
    hub.text(out, "a\ud83d");

    assertWritten("81 02 61 3f");
  }

  @Test
  void writesCloseFrames() {
    hub.close(out, CloseCode.NO_STATUS, "not sent");
    assertWritten("88 00");
    hub.close(out, CloseCode.GOING_AWAY, "bye");
    assertWritten("88 05 03 e9 62 79 65");
    spoke.close(out, CloseCode.NORMAL, "");
    assertWritten("88 82 37 fa 21 3d 34 12");
  }

  @Test
  void cutsALongReasonBetweenCharacters() {
    hub.close(out, CloseCode.NORMAL, "x".repeat(124));
    assertWritten("88 7d 03 e8" + "78".repeat(123));
    hub.close(out, CloseCode.NORMAL, "x".repeat(122) + "é");
    assertWritten("88 7c 03 e8" + "78".repeat(122));
    hub.close(out, CloseCode.NORMAL, "x".repeat(120) + "😀");
    assertWritten("88 7a 03 e8" + "78".repeat(120));
    hub.close(out, CloseCode.NORMAL, "x".repeat(121) + "éé");
    assertWritten("88 7d 03 e8" + "78".repeat(121) + "c3a9");
  }

  @Test
  void refusesWhatMustNotBeOnTheWire() {
    ByteBuf long126 = Unpooled.wrappedBuffer(new byte[126]);

    assertThatThrownBy(() -> hub.ping(out, long126, 0, 126))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> hub.pong(out, long126, 0, 126))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> hub.close(out, CloseCode.ABNORMAL, ""))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void drawsANewKeyForEveryMessage() {
    WsWriter writer = WsWriter.masked(new SplittableRandom(1));
    SplittableRandom keys = new SplittableRandom(1);
    for (int i = 0; i < 3; i++) {
      writer.binary(out, Unpooled.EMPTY_BUFFER, 0, 0);
      assertWritten("8280" + HexFormat.of().toHexDigits(keys.nextInt()));
    }
  }

  private static ByteBuf payload(String text) {
    return Unpooled.copiedBuffer(text, UTF_8);
  }

  private void assertWritten(String hex) {
    assertThat(ByteBufUtil.hexDump(out)).isEqualTo(hex.replace(" ", ""));
    out.clear();
  }
}
