package etherws.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SegmenterTest {
  private static final ByteBuf OUT = Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(1 << 17));

  private final Random random = new Random(7);
  private final Segmenter segmenter = new Segmenter();

  static List<Packet> shapes() {
    return Shapes.all();
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void cutsAsASenderWould(Packet shape) {
    for (int length : new int[] {1449, 2896, 2897, 10_001, 60_000}) {
      shape.payload = Packet.octets(random, length);
      assertCuts(shape, 1448);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 536, 537, 1448, 8948, 32_767})
  void cutsToAnySize(int size) {
    assertCuts(Packet.tcp(false, Packet.octets(random, 40_000)), size);
    assertCuts(Packet.udp(true, Packet.octets(random, 40_000)), size);
  }

  @Test
  void keepsAllFlagsInTheRightSegments() {
    for (int flags = 0; flags < 0x1000; flags++) {
      Packet packet = Packet.tcp(false, Packet.octets(random, 24));
      packet.flags = flags;
      assertCuts(packet, 10);
    }
  }

  @Test
  void countsOnBeyondTheLargestIdAndSequenceNumber() {
    Packet packet = Packet.tcp(false, Packet.octets(random, 5000));
    packet.id = 0xffff;
    packet.sequence = -1500;
    assertCuts(packet, 1000);
  }

  /** The checksum depends on the last two octets alone, so that all values occur. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void writesEveryChecksum(boolean udp) {
    Packet packet = udp ? Packet.udp(false, new byte[4]) : Packet.tcp(false, new byte[4]);
    for (int i = 0; i < 0x10000; i++) {
      packet.payload = new byte[] {(byte) (i >> 8), (byte) i, 1, 2};
      packet.id = i;
      assertCuts(packet, 2);
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void completesAChecksum(Packet shape) {
    shape.payload = Packet.octets(random, 999);

    assertThat(segment(shape.offloaded(Offload.CHECKSUM, 0))).containsExactly(shape.octets());
  }

  @Test
  void copiesAPlainFrame() {
    byte[] octets = Packet.octets(random, 60);
    EthernetFrame frame = new EthernetFrame();
    frame.wrap(Unpooled.wrappedBuffer(octets), 0, 60);

    assertThat(segment(frame)).containsExactly(octets);
  }

  @Test
  void writesIntoAnyBufferAndLeavesTheSourceAlone() {
    Packet packet = Packet.tcp(true, Packet.octets(random, 3000));
    EthernetFrame frame = packet.offloaded(Offload.TCP, 1000);
    byte[] before = ByteBufUtil.getBytes(frame.buffer());
    ByteBuf heap = Unpooled.buffer(1).writeByte(1);

    assertThat(segmenter.begin(frame)).isEqualTo(3);
    segmenter.write(2, heap);

    assertThat(ByteBufUtil.getBytes(heap, 1, heap.readableBytes() - 1))
        .isEqualTo(packet.cut(1000).get(2).octets());
    assertThat(ByteBufUtil.getBytes(frame.buffer())).isEqualTo(before);
  }

  private void assertCuts(Packet packet, int size) {
    Offload kind = packet.udp ? Offload.UDP : Offload.TCP;
    List<byte[]> segments = segment(packet.offloaded(kind, size));
    List<Packet> wanted = packet.cut(size);
    String what = "%d octets by %d".formatted(packet.payload.length, size);
    assertThat(segments).as(what).hasSameSizeAs(wanted);
    for (int i = 0; i < wanted.size(); i++) { // the difference of lists takes minutes to describe
      assertThat(segments.get(i)).as("%s, %d", what, i).isEqualTo(wanted.get(i).octets());
    }
  }

  /** All plain frames that it becomes. */
  static List<byte[]> segment(EthernetFrame frame) {
    Segmenter segmenter = new Segmenter();
    List<byte[]> segments = new ArrayList<>();
    int count = segmenter.begin(frame);
    for (int i = 0; i < count; i++) {
      int length = segmenter.length(i);
      segmenter.write(i, OUT.clear());
      assertThat(OUT.readableBytes()).isEqualTo(length);
      segments.add(ByteBufUtil.getBytes(OUT));
    }
    return segments;
  }
}
