package etherws.websocket;

import static etherws.websocket.Buffers.octets;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WsReaderTest {
  private static final WsLimits LIMITS = new WsLimits(1 << 20, 8);

  private final Buffers buffers = new Buffers(Buffers.Kind.DIRECT);
  private final RecordingSink sink = new RecordingSink();
  private final WsReader hub = new WsReader(true, LIMITS, sink);
  private final WsReader spoke = new WsReader(false, LIMITS, sink);

  @AfterEach
  void nothingLeaks() {
    hub.close();
    spoke.close();
    assertThat(buffers.held()).isZero();
  }

  @Test
  void readsTheExamplesOfTheRfc() {
    read(spoke, "81 05 48 65 6c 6c 6f");
    read(hub, "81 85 37 fa 21 3d 7f 9f 4d 51 58");
    read(spoke, "01 03 48 65 6c  80 02 6c 6f");
    read(spoke, "89 05 48 65 6c 6c 6f");
    read(hub, "8a 85 37 fa 21 3d 7f 9f 4d 51 58");

    assertThat(sink.events)
        .containsExactly(
            "text Hello", "text Hello", "text Hello", "ping 48656c6c6f", "pong 48656c6c6f");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 125, 126, 127, 65_535, 65_536, 1 << 20})
  void readsEveryFormOfLength(int length) {
    byte[] payload = new byte[length];
    Arrays.fill(payload, (byte) 0x5a);

    buffers.read(spoke, Wire.frame(true, WsHeader.BINARY, payload));
    buffers.read(hub, Wire.frame(true, WsHeader.BINARY, true, 0x1234_5678, payload));

    String event = "binary " + "5a".repeat(length);
    assertThat(sink.events).containsExactly(event, event);
  }

  @Test
  void readsAllMessagesOfAChunk() {
    read(spoke, "82 01 01  82 00  82 02 02 03  8a 00");

    assertThat(sink.events).containsExactly("binary 01", "binary ", "binary 0203", "pong ");
  }

  @Test
  void readsOctetByOctet() {
    byte[] wire =
        octets(
            "02 83 80 01 02 03 8a 0a 0a"
                + "89 82 01 00 00 00 01 01"
                + "80 fe 00 7e 00 00 00 00"
                + "7f".repeat(126)
                + "88 85 00 00 00 00 03 e8 62 79 65");
    for (byte octet : wire) {
      buffers.read(hub, new byte[] {octet});
    }

    assertThat(sink.events)
        .containsExactly("ping 0001", "binary 0a0b08" + "7f".repeat(126), "close 1000 bye");
  }

  @Test
  void deliversAWholeMessageFromTheChunkItself() {
    ByteBuf chunk = buffers.of(octets("82 83 01 02 03 04 01 02 03  82 82 01 00 00 00 01 01"));
    hub.read(chunk);

    assertThat(sink.events).containsExactly("binary 000000", "binary 0001");
    assertThat(chunk.getMedium(6)).isZero();
    assertThat(buffers.held()).isEqualTo(chunk.capacity());
    chunk.release();
  }

  @Test
  void controlFramesComeBetweenFragments() {
    read(spoke, "02 01 01  89 01 aa  00 01 02  8a 00  80 01 03  82 01 04");

    assertThat(sink.events).containsExactly("ping aa", "pong ", "binary 010203", "binary 04");
  }

  @Test
  void fragmentsMayBeEmpty() {
    read(spoke, "01 00  00 00  80 00  01 00  80 01 61  01 01 62  80 00");

    assertThat(sink.events).containsExactly("text ", "text a", "text b");
  }

  @Test
  void aCharacterMayBeCutByFragments() {
    read(spoke, "01 01 c3  80 01 a9");

    assertThat(sink.events).containsExactly("text é");
  }

  @Test
  void acceptsTheLongestMessageAndTheMostFragments() {
    WsReader reader = new WsReader(false, new WsLimits(3, 3), sink);
    read(reader, "02 01 01  00 01 02  80 01 03  82 03 010203");

    assertThat(sink.events).containsExactly("binary 010203", "binary 010203");
  }

  @Test
  void readsCloseFrames() {
    read(spoke, "88 00");
    read(hub, "88 85 00 00 00 00 0f a0 c3 a9 21");

    assertThat(sink.events).containsExactly("close 1005 ", "close 4000 é!");
  }

  @Test
  void deliversNothingAfterACloseFrame() {
    read(spoke, "88 02 03 e8  82 01 01  ff ff");
    read(spoke, "82 01 01");

    assertThat(sink.events).containsExactly("close 1000 ");
  }

  @Test
  void dropsWhatIsHalfAssembledAtACloseFrame() {
    read(spoke, "02 01 01  88 00");

    assertThat(sink.events).containsExactly("close 1005 ");
    assertThat(buffers.held()).isZero();
  }

  @Test
  void theSinkMayCloseItsReader() {
    sink.reaction = spoke::close;
    read(spoke, "02 01 01  80 01 02  82 01 03");

    assertThat(sink.events).containsExactly("binary 0102");
  }

  @Test
  void theSinkMayCloseItsReaderBetweenFragments() {
    sink.reaction = spoke::close;
    read(spoke, "02 01 01  89 00  80 01 02");

    assertThat(sink.events).containsExactly("ping ");
    assertThat(buffers.held()).isZero();
  }

  @Test
  void theSinkMayEndTheSession() {
    sink.reaction =
        () -> {
          throw new WebSocketException(CloseCode.POLICY_VIOLATION, "not you");
        };

    assertThatThrownBy(() -> read(spoke, "02 01 01  80 01 02")).hasMessage("not you");
    read(spoke, "82 01 03");
    assertThat(sink.events).containsExactly("binary 0102");
  }

  @Test
  void closingTwiceIsClosing() {
    read(spoke, "02 01 01  89 02 01");
    assertThat(buffers.held()).isPositive();

    spoke.close();
    spoke.close();

    assertThat(buffers.held()).isZero();
    read(spoke, "80 01 02");
    assertThat(sink.events).isEmpty();
  }

  @Test
  void allocatesWhatAnnouncedMessagesNeedButNotWhatTheyClaim() {
    WsReader reader = new WsReader(false, new WsLimits(1 << 30, 1), sink);

    read(reader, "82 7f 00 00 00 00 3f ff ff ff");
    assertThat(buffers.held()).isZero();
    read(reader, "01");
    assertThat(buffers.held()).isEqualTo(64 * 1024);
    buffers.read(reader, new byte[100_000]);
    assertThat(buffers.held()).isLessThan(300_000);

    reader.close();
    assertThat(buffers.held()).isZero();
  }

  @Test
  void readsChunksThatAreNotContiguous() {
    byte[] text = "Ethernet over WebSocket".getBytes(UTF_8);
    byte[] wire = Wire.frame(true, WsHeader.TEXT, true, 0xdead_beef, text);
    for (int cut = 1; cut < wire.length; cut++) {
      CompositeByteBuf chunk = buffers.allocator.compositeDirectBuffer(2);
      chunk.addComponent(true, buffers.allocator.directBuffer().writeBytes(wire, 0, cut));
      chunk.addComponent(
          true, buffers.allocator.directBuffer().writeBytes(wire, cut, wire.length - cut));
      hub.read(chunk);
      chunk.release();
    }

    assertThat(sink.events).hasSize(wire.length - 1).containsOnly("text Ethernet over WebSocket");
  }

  private void read(WsReader reader, String hex) {
    buffers.read(reader, hex);
  }
}
