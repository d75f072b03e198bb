package etherws.frame;

import static etherws.testing.Frames.ALICE;
import static etherws.testing.Frames.BOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etherws.testing.Frames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EthernetFrameTest {
  private final EthernetFrame frame = new EthernetFrame();

  @Test
  void readsTheHeader() {
    ByteBuf octets = hex("ffffffffffff 02005e100001 0806");

    assertThat(frame.wrap(octets, 0, 14)).isTrue();
    assertThat(frame.destination()).isEqualTo(MacAddress.BROADCAST);
    assertThat(MacAddress.format(frame.source())).isEqualTo("02:00:5e:10:00:01");
    assertThat(frame.etherType()).isEqualTo(0x0806);
    assertThat(frame.vid()).isZero();
  }

  @Test
  void startsAnywhereInABuffer() {
    byte[] octets = Frames.octets(BOB, ALICE, 60);
    ByteBuf buffer = Unpooled.buffer().writeZero(5).writeBytes(octets).writeZero(5);

    assertThat(frame.wrap(buffer, 5, octets.length)).isTrue();
    assertThat(frame.destination()).isEqualTo(BOB);
    assertThat(frame.source()).isEqualTo(ALICE);
    assertThat(frame.length()).isEqualTo(60);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 13})
  void refusesRunts(int length) {
    assertThat(frame.wrap(Unpooled.buffer().writeZero(60), 0, length)).isFalse();
  }

  @Test
  void readsTheVidAndNotThePriority() {
    assertThat(Frames.tagged(BOB, ALICE, 0xe00a).vid()).isEqualTo(10);
  }

  @Test
  void takesAPriorityTaggedFrameForUntagged() {
    assertThat(Frames.tagged(BOB, ALICE, 0xe000).vid()).isZero();
  }

  @Test
  void readsNothingBehindAFrameThatEndsInsideItsTag() {
    ByteBuf octets = hex("ffffffffffff 02005e100001 8100");

    assertThat(frame.wrap(octets, 0, 14)).isTrue();
    assertThat(frame.vid()).isZero();
  }

  @Test
  void macAddressesSurviveTextAndBack() {
    assertThat(MacAddress.parse("02:00:5e:10:00:01")).isEqualTo(0x02005e100001L);
    assertThat(MacAddress.isGroup(MacAddress.parse("01:80:c2:00:00:00"))).isTrue();
    assertThat(MacAddress.isGroup(MacAddress.parse("02:00:5e:10:00:01"))).isFalse();
    assertThatThrownBy(() -> MacAddress.parse("02:00:5e"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static ByteBuf hex(String text) {
    return Unpooled.wrappedBuffer(HexFormat.of().parseHex(text.replace(" ", "")));
  }
}
