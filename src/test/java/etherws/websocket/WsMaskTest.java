package etherws.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WsMaskTest {
  private static final int KEY = 0x80c1_3f02;
  private static final int MARGIN = 9;

  @ParameterizedTest
  @EnumSource(Buffers.Kind.class)
  void masksEveryLengthAtEveryAlignmentAndNothingBeside(Buffers.Kind kind) {
    Buffers buffers = new Buffers(kind);
    byte[] payload = random(75);
    for (int length = 0; length <= payload.length; length++) {
      for (int index = 0; index < MARGIN; index++) {
        byte[] part = Arrays.copyOf(payload, length);
        ByteBuf buffer = buffers.empty(length + 2 * MARGIN);
        buffer.setZero(0, buffer.capacity()).setBytes(index, part);

        WsMask.apply(buffer, index, length, KEY);

        byte[] expected = new byte[length + 2 * MARGIN];
        System.arraycopy(Wire.mask(part, KEY), 0, expected, index, length);
        assertThat(ByteBufUtil.getBytes(buffer, 0, expected.length))
            .as("length %d at %d", length, index)
            .isEqualTo(expected);
        buffer.release();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Buffers.Kind.class)
  void masksInPiecesAsItMasksAtOnce(Buffers.Kind kind) {
    Buffers buffers = new Buffers(kind);
    byte[] payload = random(40);
    for (int first = 0; first <= payload.length; first++) {
      ByteBuf buffer = buffers.of(payload);

      WsMask.apply(buffer, 0, first, KEY);
      WsMask.apply(buffer, first, payload.length - first, WsMask.advance(KEY, first));

      assertThat(ByteBufUtil.getBytes(buffer, 0, payload.length))
          .as("pieces meet at %d", first)
          .isEqualTo(Wire.mask(payload, KEY));
      buffer.release();
    }
  }

  @ParameterizedTest
  @EnumSource(Buffers.Kind.class)
  void refusesWhatLiesOutsideTheBuffer(Buffers.Kind kind) {
    Buffers buffers = new Buffers(kind);
    ByteBuf buffer = buffers.empty(16);

    assertThatThrownBy(() -> WsMask.apply(buffer, 1, buffer.capacity(), KEY))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> WsMask.apply(buffer, -1, 4, KEY))
        .isInstanceOf(IndexOutOfBoundsException.class);
    buffer.release();
  }

  private static byte[] random(int length) {
    byte[] octets = new byte[length];
    new SplittableRandom(1).nextBytes(octets);
    return octets;
  }
}
