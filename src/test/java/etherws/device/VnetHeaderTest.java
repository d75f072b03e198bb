package etherws.device;

import static org.assertj.core.api.Assertions.assertThat;

import etherws.frame.EthernetFrame;
import etherws.frame.Offload;
import etherws.frame.Packet;
import etherws.testing.Frames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VnetHeaderTest {
  /** TCP over IPv4 has its checksum at 34 + 16. */
  private static final String TCP4_PLACE = "22001000";

  private final Random random = new Random(3);
  private final EthernetFrame frame = new EthernetFrame();

  @ParameterizedTest
  @CsvSource({
    "00 01 3600 7805, TSO without a checksum to do",
    "01 03 2a00 7805, UFO",
    "01 02 3600 7805, a kind that nobody has defined",
    "01 05 3600 7805, USO of TCP",
    "01 01 3600 0000, TSO without a segment size",
  })
  void factsThatDoNotFitATcpSegmentAreRefused(String facts, String what) {
    assertThat(read(facts + TCP4_PLACE, Packet.tcp(false, octets(4000)).octets()))
        .as(what)
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "01 01 3600 7805 2200 1000, TSO of UDP",
    "01 01 3600 7805 2200 0600, TSO of UDP with its checksum in the right place",
    "01 05 3600 7805 2300 0600, USO with its checksum elsewhere",
    "01 00 0000 0000 0010 0000, a checksum of what is behind the end",
    "01 00 0000 0000 2200 9c0f, a checksum behind the end",
    "01 00 0000 0000 ffff ffff, a checksum far behind the end",
  })
  void factsThatDoNotFitADatagramAreRefused(String facts, String what) {
    assertThat(read(facts, Packet.udp(false, octets(3000)).octets())).as(what).isFalse();
  }

  @Test
  void noFactsMakeAPlainFrame() {
    assertThat(read("00".repeat(VnetHeader.LENGTH), Packet.tcp(false, octets(100)).octets()))
        .isTrue();
    assertThat(frame.offload()).isEqualTo(Offload.NONE);
  }

  @Test
  void aChecksumThatWasFoundRightIsAPlainFrame() {
    assertThat(read("02 00 0000 0000 0000 0000", Packet.tcp(false, octets(100)).octets())).isTrue();
    assertThat(frame.offload()).isEqualTo(Offload.NONE);
  }

  /** For example that of a frame inside of VXLAN; here of the last 20 octets of something else. */
  @Test
  void aChecksumInAPlaceThatOnlyTheKernelKnowsIsCompleted() {
    byte[] octets = Frames.octets(Frames.BOB, Frames.ALICE, 60);
    octets[42] = 0x12; // the sum so far
    octets[43] = 0x34;

    assertThat(read("01 00 0000 0000 2800 0200", octets)).isTrue();

    int sum = 0;
    for (int i = 40; i < 60; i += 2) {
      sum += (octets[i] & 0xff) << 8 | (octets[i + 1] & 0xff);
    }
    int checksum = ~((sum & 0xffff) + (sum >> 16)) & 0xffff;
    assertThat(frame.offload()).isEqualTo(Offload.NONE);
    assertThat(frame.buffer().getUnsignedShort(frame.start() + 42)).isEqualTo(checksum);
  }

  @Test
  void whatIsWrittenIsReadAgain() {
    for (Packet packet :
        List.of(
            Packet.tcp(false, octets(4000)),
            Packet.tcp(true, octets(4000)),
            Packet.udp(false, octets(4000)).tagged(0x8100_0005),
            Packet.udp(true, octets(4000)).tagged(0x88a8_0007, 0x8100_0005))) {
      for (Offload offload : Offload.values()) {
        EthernetFrame written = packet.plain();
        if (written.offload(offload, 1000)) {
          assertThat(read(header(written), ByteBufUtil.getBytes(octets(written)))).isTrue();
          assertThat(frame.offload()).isEqualTo(written.offload());
          assertThat(frame.segmentSize()).isEqualTo(written.segmentSize());
          assertThat(octets(frame)).isEqualTo(octets(written));
        }
      }
    }
  }

  /** As in linux/virtio_net.h; the kernel takes none of it for what it isn't. */
  @ParameterizedTest
  @CsvSource({
    "NONE, 00 00 0000 0000 0000 0000",
    "CHECKSUM, 01 00 0000 0000 2200 1000",
    "TCP, 01 01 3600 e803 2200 1000",
  })
  void theHeaderIsThatOfVirtio(Offload offload, String header) {
    EthernetFrame written = Packet.tcp(false, octets(4000)).plain();
    assertThat(written.offload(offload, 1000)).isTrue();

    assertThat(header(written)).isEqualTo(header.replace(" ", ""));
  }

  /** The kernel has to clear CWR in all segments but the first. */
  @Test
  void aSuperFrameThatTellsOfAReducedWindowIsMarked() {
    byte[] octets = Packet.tcp(true, octets(4000)).octets();
    octets[14 + 40 + 13] |= (byte) 0x80;
    EthernetFrame written = Frames.view(octets);
    assertThat(written.offload(Offload.TCP, 1000)).isTrue();

    assertThat(header(written)).startsWith("0184");
  }

  private byte[] octets(int length) {
    return Packet.octets(random, length);
  }

  private static ByteBuf octets(EthernetFrame frame) {
    return frame.buffer().slice(frame.start(), frame.length());
  }

  private static String header(EthernetFrame frame) {
    byte[] header = new byte[VnetHeader.LENGTH];
    VnetHeader.write(MemorySegment.ofArray(header), 0, frame);
    return HexFormat.of().formatHex(header);
  }

  private boolean read(String header, byte[] octets) {
    byte[] facts = HexFormat.of().parseHex(header.replace(" ", ""));
    assertThat(facts).hasSize(VnetHeader.LENGTH);
    ByteBuf buffer = Unpooled.buffer().writeBytes(facts).writeBytes(octets);
    frame.wrap(buffer, VnetHeader.LENGTH, octets.length);
    return VnetHeader.read(buffer, 0, frame);
  }
}
