package etherws.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

/** Super-frames of TCP behind hop-by-hop and destination options, as Linux makes them. */
class Ipv6OptionsTest {
  private static final int ETHERNET = 14;
  private static final int IPV6 = 40;
  private static final int OPTIONS = 8;
  private static final int TCP = 20;
  private static final int PADN = 1;
  private static final int HOME_ADDRESS = 0xc9;

  @Test
  void areCutIntoSegmentsThatBearTheOptionsAndRightChecksums() {
    EthernetFrame frame = view(frame(PADN, 2_500));
    assertThat(frame.offload(Offload.TCP, 1_000)).isTrue();
    Segmenter segmenter = new Segmenter();
    assertThat(segmenter.begin(frame)).isEqualTo(3);
    for (int i = 0; i < 3; i++) {
      ByteBuf segment = Unpooled.buffer();
      segmenter.write(i, segment);
      int payload = i < 2 ? 1_000 : 500;
      assertThat(segment.getUnsignedShort(ETHERNET + 4)).isEqualTo(2 * OPTIONS + TCP + payload);
      assertThat(segment.getInt(ETHERNET + IPV6 + 2 * OPTIONS + 4)).isEqualTo(i * 1_000);
      assertThat(sum(segment, TCP + payload)).isEqualTo(0xffff);
    }
  }

  @Test
  void areRefusedWithAHomeAddressWhichChangesThePseudoHeader() {
    assertThat(view(frame(HOME_ADDRESS, 2_500)).offload(Offload.TCP, 1_000)).isFalse();
  }

  @Test
  void areRefusedWhenTheOptionsAreLongerThanTheFrame() {
    ByteBuf frame = frame(PADN, 100).setByte(ETHERNET + IPV6 + 1, 255);
    assertThat(view(frame).offload(Offload.CHECKSUM, 0)).isFalse();
  }

  /** Hop-by-hop options, then destination options with one of the given type, then TCP. */
  private static ByteBuf frame(int option, int payload) {
    int length = ETHERNET + IPV6 + 2 * OPTIONS + TCP + payload;
    ByteBuf frame = Unpooled.buffer(length).writeZero(length);
    frame.setShort(12, 0x86dd).setByte(14, 0x60).setShort(18, length - ETHERNET - IPV6);
    frame.setByte(20, 0).setInt(22, 0xfd00_0001).setInt(38, 0xfd00_0002);
    frame.setByte(54, 60).setByte(56, PADN).setByte(57, 4);
    frame.setByte(62, 6).setByte(64, option).setByte(65, 4);
    frame.setShort(70, 1234).setShort(72, 80).setByte(82, 0x50).setByte(83, 0x10);
    for (int i = length - payload; i < length; i++) {
      frame.setByte(i, i);
    }
    return frame;
  }

  private static EthernetFrame view(ByteBuf octets) {
    EthernetFrame frame = new EthernetFrame();
    frame.wrap(octets, 0, octets.readableBytes());
    return frame;
  }

  /** Of pseudo-header and segment, folded, word by word. */
  private static int sum(ByteBuf frame, int length) {
    int sum = 6 + length;
    for (int at = 22; at < 54; at += 2) {
      sum += frame.getUnsignedShort(at);
    }
    int end = frame.readableBytes();
    for (int at = end - length; at < end; at += 2) {
      sum += frame.getUnsignedShort(at);
    }
    while (sum > 0xffff) {
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return sum;
  }
}
