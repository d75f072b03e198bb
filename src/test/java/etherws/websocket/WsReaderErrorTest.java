package etherws.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.HexFormat;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every rule of RFC 6455 that a peer can break, with the close code that says so. */
class WsReaderErrorTest {
  private static final WsLimits LIMITS = new WsLimits(200, 3);

  private final Buffers buffers = new Buffers(Buffers.Kind.DIRECT);
  private final RecordingSink sink = new RecordingSink();

  @ParameterizedTest
  @CsvSource({
    "reserved bits are set, c2 00",
    "reserved bits are set, a2 00",
    "reserved bits are set, 92 00",
    "reserved opcode 3, 83 00",
    "reserved opcode 7, 87 00",
    "reserved opcode 11, 8b 00",
    "reserved opcode 15, 8f 00",
    "fragmented control frame, 08 00",
    "fragmented control frame, 09 00",
    "fragmented control frame, 0a 00",
    "control frame over 125 octets, 88 7e 00 7e",
    "control frame over 125 octets, 89 7e 00 7e",
    "control frame over 125 octets, 8a 7f 00 00 00 00 00 01 00 00",
    "server frame is masked, 82 80 00 00 00 00",
    "length over 63 bits, 82 7f 80 00 00 00 00 00 00 00",
    "length not in its shortest form, 82 7e 00 00",
    "length not in its shortest form, 82 7e 00 7d",
    "length not in its shortest form, 82 7f 00 00 00 00 00 00 00 7e",
    "length not in its shortest form, 82 7f 00 00 00 00 00 00 ff ff",
    "continuation of no message, 80 00",
    "continuation of no message, 00 00",
    "new message inside a fragmented one, 02 00 82 00",
    "new message inside a fragmented one, 02 01 aa 01 00",
    "close frame of one octet, 88 01 03",
    "close code 999, 88 02 03 e7",
    "close code 1005, 88 02 03 ed",
    "close code 1006, 88 02 03 ee",
    "close code 1015, 88 02 03 f7",
    "close code 5000, 88 02 13 88",
  })
  void brokenRulesAreProtocolErrors(String reason, String hex) {
    assertFails(false, hex, CloseCode.PROTOCOL_ERROR, reason);
  }

  @Test
  void aFinishedMessageHasNoContinuation() {
    WsReader reader = new WsReader(false, LIMITS, sink);
    buffers.read(reader, "02 00 80 00");

    assertFailed(
        catchFailure(() -> buffers.read(reader, "80 00")),
        CloseCode.PROTOCOL_ERROR,
        "continuation of no message");
  }

  @Test
  void clientsHaveToMask() {
    assertFails(true, "82 01 aa", CloseCode.PROTOCOL_ERROR, "client frame is not masked");
    assertFails(true, "89 00", CloseCode.PROTOCOL_ERROR, "client frame is not masked");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "80",
        "c3",
        "c0 80",
        "c1 bf",
        "e0 9f bf",
        "ed a0 80",
        "f0 8f bf bf",
        "f4 90 80 80",
        "f5 80 80 80",
        "fe",
        "61 ff 62",
        "c3 28",
        "e2 82",
        "f0 9f 92"
      })
  void textHasToBeUtf8(String text) {
    int length = Buffers.octets(text).length;

    assertInvalid("81 %02x %s".formatted(length, text));
    assertInvalid("01 %02x %s 80 00".formatted(length, text));
    assertInvalid("88 %02x 03 e8 %s".formatted(2 + length, text));
  }

  private void assertInvalid(String hex) {
    assertFails(false, hex, CloseCode.INVALID_PAYLOAD, "text is not UTF-8");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "82 7e 00 c9",
        "82 7f 00 00 00 00 00 01 00 00",
        "82 7f 7f ff ff ff ff ff ff ff",
        "82 7f 00 00 00 01 00 00 00 00",
        "02 7e 00 c9",
        "02 01 00 80 7e 00 c8",
        "02 01 00 80 7f 7f ff ff ff ff ff ff ff",
      })
  void messagesAreLimitedInOctetsBeforeTheyArrive(String hex) {
    assertFails(false, hex, CloseCode.MESSAGE_TOO_BIG, "message over 200 octets");
  }

  @Test
  void messagesAreLimitedInFragments() {
    assertFails(
        false,
        "02 00 00 00 00 00 80 00",
        CloseCode.POLICY_VIOLATION,
        "message in over 3 fragments");
  }

  /** At once and octet by octet, behind a good message and before one that must not be seen. */
  private void assertFails(boolean masked, String hex, int code, String reason) {
    String before = masked ? "8a 80 00 00 00 00" : "8a 00";
    byte[] wire = Buffers.octets(before + hex);
    WsReader atOnce = new WsReader(masked, LIMITS, sink);
    assertFailed(catchFailure(() -> buffers.read(atOnce, wire)), code, reason);

    WsReader byOctet = new WsReader(masked, LIMITS, sink);
    assertFailed(
        catchFailure(() -> {
          for (byte octet : wire) {
            buffers.read(byOctet, new byte[] {octet});
          }
        }),
        code,
        reason);

    buffers.read(atOnce, before);
    buffers.read(byOctet, before);
    assertThat(sink.events).as(HexFormat.of().formatHex(wire)).containsExactly("pong ", "pong ");
    assertThat(buffers.held()).isZero();
    sink.events.clear();
  }

  private static WebSocketException catchFailure(ThrowingCallable read) {
    return catchThrowableOfType(WebSocketException.class, read);
  }

  private static void assertFailed(WebSocketException failure, int code, String reason) {
    assertThat(failure).isNotNull().hasMessage(reason);
    assertThat(failure.closeCode()).isEqualTo(code);
  }
}
