package etherws.frame;

import static etherws.frame.Packet.PSH;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CoalescerTest {
  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
  private final Random random = new Random(11);
  private final List<Out> outs = new ArrayList<>();
  private final Coalescer coalescer = new Coalescer(allocator, frame -> outs.add(Out.of(frame)));

  /** A frame that came out. */
  private record Out(Offload kind, int segmentSize, List<byte[]> segments, ByteBuf octets) {
    static Out of(EthernetFrame frame) {
      ByteBuf octets = Unpooled.buffer(frame.length());
      octets.writeBytes(frame.buffer(), frame.start(), frame.length());
      return new Out(frame.offload(), frame.segmentSize(), SegmenterTest.segment(frame), octets);
    }
  }

  static List<Packet> tcpShapes() {
    return Shapes.plain().stream().filter(shape -> !shape.udp).toList();
  }

  @AfterEach
  void holdsNothingWhenClosed() {
    coalescer.close();
    assertThat(allocator.metric().usedDirectMemory()).isZero();
  }

  @ParameterizedTest
  @MethodSource("tcpShapes")
  void putsConsecutiveSegmentsTogether(Packet shape) {
    shape.payload = Packet.octets(random, 10_000);
    shape.cut(1448).forEach(this::offer);

    assertThat(outs).hasSize(1);
    assertThat(outs.getFirst().kind).isEqualTo(Offload.TCP);
    assertThat(outs.getFirst().segmentSize).isEqualTo(1448);
    assertThat(outs.getFirst().segments).containsExactly(octets(shape.cut(1448)));
  }

  @ParameterizedTest
  @MethodSource("tcpShapes")
  void makesTheSuperFrameThatItsSenderWouldHaveMade(Packet shape) {
    shape.payload = Packet.octets(random, 3 * 1448 + 1);
    shape.flags |= PSH;
    EthernetFrame whole = shape.offloaded(Offload.TCP, 1448);
    SegmenterTest.segment(whole).forEach(this::offer);

    assertThat(outs).hasSize(1);
    assertThat(outs.getFirst().octets)
        .isEqualTo(whole.buffer().slice(whole.start(), whole.length()));
  }

  @Test
  void letsALoneSegmentOutAsItCame() {
    Packet packet = Packet.tcp(false, Packet.octets(random, 1448));
    offer(packet);
    assertThat(outs).isEmpty();

    coalescer.flush();

    assertThat(outs).hasSize(1);
    assertThat(outs.getFirst().kind).isEqualTo(Offload.NONE);
    assertThat(outs.getFirst().octets).isEqualTo(Unpooled.wrappedBuffer(packet.octets()));
  }

  private void offer(Packet packet) {
    offer(packet.octets());
  }

  private void offer(byte[] octets) {
    coalescer.offer(Packet.direct(octets));
  }

  private static byte[][] octets(List<Packet> packets) {
    return packets.stream().map(Packet::octets).toArray(byte[][]::new);
  }
}
