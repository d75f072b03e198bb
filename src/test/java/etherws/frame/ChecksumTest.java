package etherws.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ChecksumTest {
  static Stream<Named<IntFunction<ByteBuf>>> buffers() {
    return Stream.of(
        Named.of("direct", ChecksumTest::direct),
        Named.of("heap", Unpooled::buffer),
        Named.of("composite", ChecksumTest::composite));
  }

  /** The garbage collector frees it. */
  private static ByteBuf direct(int capacity) {
    return Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(capacity)).clear();
  }

  private static ByteBuf composite(int capacity) {
    return Unpooled.compositeBuffer()
        .addComponent(direct(capacity).writeZero(capacity / 2))
        .addComponent(Unpooled.buffer().writeZero(capacity - capacity / 2));
  }

  @ParameterizedTest
  @MethodSource("buffers")
  void sumsAnyLengthFromAnyIndex(IntFunction<ByteBuf> buffers) {
    Random random = new Random(1);
    byte[] octets = Packet.octets(random, 300);
    ByteBuf buffer = buffers.apply(300).setBytes(0, octets);
    for (int index = 0; index < 17; index++) {
      for (int length = 0; length <= 300 - index; length++) {
        int sum = Checksum.fold(Checksum.sum(buffer, index, length));

        assertThat(sum)
            .as("%d octets from %d", length, index)
            .isEqualTo(Packet.naiveSum(Arrays.copyOfRange(octets, index, index + length)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("buffers")
  void losesNoCarry(IntFunction<ByteBuf> buffers) {
    byte[] octets = new byte[1 << 17];
    Arrays.fill(octets, (byte) 0xff);
    ByteBuf buffer = buffers.apply(octets.length).setBytes(0, octets);

    assertThat(Checksum.fold(Checksum.sum(buffer, 0, octets.length))).isEqualTo(0xffff);
    buffer.setByte(octets.length - 1, 0xfe);
    assertThat(Checksum.fold(Checksum.sum(buffer, 0, octets.length))).isEqualTo(0xfffe);
  }

  @Test
  void foldsAnySum() {
    assertThat(Checksum.fold(0)).isZero();
    assertThat(Checksum.fold(0xffff)).isEqualTo(0xffff);
    assertThat(Checksum.fold(0x1_0000)).isEqualTo(1);
    assertThat(Checksum.fold(0x1_ffff)).isEqualTo(1);
    assertThat(Checksum.fold(0xffff_ffffL)).isEqualTo(0xffff);
    assertThat(Checksum.fold(0xffff_ffff_ffffL)).isEqualTo(0xffff);
    assertThat(Checksum.fold(-1)).isEqualTo(0xffff);
    assertThat(Checksum.fold(0x1_ffff_fffeL)).isEqualTo(0xffff);
  }

  @Test
  void readsNothingOutsideOfTheBuffer() {
    ByteBuf buffer = direct(16);

    assertThatThrownBy(() -> Checksum.sum(buffer, 8, 9))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> Checksum.sum(buffer, -1, 8))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void completesWhatHoldsTheSumBefore() {
    ByteBuf buffer = direct(8).writeInt(0x1234_5678).writeShort(0x0102).writeByte(3);

    Checksum.complete(buffer, 0, 7, 4);

    assertThat(buffer.getUnsignedShort(4)).isEqualTo(~(0x1234 + 0x5678 + 0x0102 + 0x0300) & 0xffff);
  }

  @Test
  void writesAllOnesForAChecksumOfZero() {
    ByteBuf buffer = direct(8).writeShort(0xfff0).writeShort(0x000f);

    Checksum.complete(buffer, 0, 4, 2);

    assertThat(buffer.getUnsignedShort(2)).isEqualTo(0xffff);
  }
}
