package etherws.tunnel;

import static etherws.testing.Frames.ALICE;
import static etherws.testing.Frames.BOB;
import static etherws.tunnel.RawPeer.BINARY;
import static etherws.tunnel.RawPeer.FIN;
import static etherws.tunnel.RawPeer.unmasked;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.frame.EthernetFrame;
import etherws.frame.Offload;
import etherws.metrics.DropReason;
import etherws.testing.Frames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a spoke makes of the records of its hub, and what it sends itself. */
class EtherwsV2Test {
  private static final int HEADERS = 54;

  private final EmbeddedLink link = new EmbeddedLink(Wire.V2, true);

  @AfterEach
  void close() {
    link.close();
  }

  @Test
  void recordsOfAnUnknownTypeAreSkipped() {
    byte[] frame = Frames.octets(BOB, ALICE, 60);
    hubSends(record(4, frame, 0), record(255, new byte[3], 0), record(0, frame, 0));

    assertThat(link.seen)
        .containsExactly(new EmbeddedLink.Seen(ByteBufUtil.hexDump(frame), Offload.NONE, 0));
  }

  @Test
  void reservedOctetsAndTheSegmentSizeOfPlainFramesAreNotLookedAt() {
    byte[] record = record(0, Frames.octets(BOB, ALICE, 60), 1);
    record[6] = record[9] = (byte) 0xff;
    hubSends(record);

    assertThat(link.seen).hasSize(1);
    assertThat(link.seen.getFirst().segmentSize()).isZero();
  }

  @Test
  void aRuntIsCountedAndTheRecordBehindItCounts() {
    hubSends(record(0, new byte[13], 0), record(0, Frames.octets(BOB, ALICE, 14), 0));

    assertThat(link.counters().drops(DropReason.RUNT)).isEqualTo(1);
    assertThat(link.seen).hasSize(1);
  }

  @Test
  void aGiantIsCountedAndTheLongestFrameIsNone() {
    hubSends(record(0, Frames.octets(BOB, ALICE, EthernetFrame.MAX_LENGTH), 0));
    assertThat(link.seen).hasSize(1);
    hubSends(record(0, Frames.octets(BOB, ALICE, EthernetFrame.MAX_LENGTH + 1), 0));

    assertThat(link.seen).hasSize(1);
    assertThat(link.counters().drops(DropReason.GIANT)).isEqualTo(1);
    assertThat(link.channel.isActive()).isTrue();
  }

  @Test
  void aRecordThatIsCutShortEndsTheLink() {
    byte[] record = record(0, Frames.octets(BOB, ALICE, 60), 0);
    for (int length : List.of(1, 9, 69)) {
      try (EmbeddedLink other = new EmbeddedLink(Wire.V2, true)) {
        other.receives(unmasked(FIN | BINARY, Arrays.copyOf(record, length)));
        assertThat(other.written()).as("of %d octets", length).startsWith("88");
        assertThat(other.seen).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2, 535, below the least segment",
    "2, 0, no segment size",
    "3, 1000, UDP that is TCP",
  })
  void factsThatDoNotFitTheFrameAreCounted(int type, int segmentSize, String what) {
    hubSends(record(type, tcp(4000), segmentSize));

    assertThat(link.counters().drops(DropReason.OFFLOAD)).as(what).isEqualTo(1);
    assertThat(link.seen).isEmpty();
  }

  @Test
  void factsOnAFrameThatIsNotIpAreCounted() {
    for (int type = 1; type <= 3; type++) {
      hubSends(record(type, Frames.octets(BOB, ALICE, 2000), 1000));
      assertThat(link.counters().drops(DropReason.OFFLOAD)).isEqualTo(type);
    }
    assertThat(link.seen).isEmpty();
  }

  @Test
  void theSumOfThePseudoHeaderIsNotTakenFromThePeer() {
    byte[] lie = tcp(4000);
    byte[] truth = lie.clone();
    lie[50] = lie[51] = 0x55;
    hubSends(record(2, lie, 1000), record(2, truth, 1000));

    assertThat(link.seen).hasSize(2);
    assertThat(link.seen.getFirst()).isEqualTo(link.seen.getLast());
  }

  @Test
  void aSuperFrameOfOneSegmentIsNone() {
    hubSends(record(2, tcp(900), 900));

    assertThat(link.seen.getFirst().offload()).isEqualTo(Offload.CHECKSUM);
    assertThat(link.seen.getFirst().segmentSize()).isZero();
  }

  @Test
  void aLargeFrameGoesOutFromWhereItLiesAndASmallOneIsCopied() {
    for (int payload : List.of(600, 60_000)) {
      ByteBuf slab = Unpooled.directBuffer(80_000);
      slab.writeZero(EthernetFrame.HEADROOM).writeBytes(tcp(payload));
      EthernetFrame frame = new EthernetFrame();
      frame.wrap(slab, EthernetFrame.HEADROOM, HEADERS + payload);
      assertThat(frame.offload(Offload.TCP, 1000)).isTrue();
      String octets = ByteBufUtil.hexDump(slab, frame.start(), frame.length());
      frame.leave(EthernetFrame.HEADROOM);
      link.sends(frame);

      assertThat(unmaskedPayload(link.written()))
          .isEqualTo(
              "%02x%06x%04x00000000%s"
                  .formatted(
                      frame.offload().number(), frame.length(), frame.segmentSize(), octets));
      assertThat(slab.refCnt()).isEqualTo(1);
      slab.release();
    }
  }

  @Test
  void smallFramesOfOneWakeUpShareAMessage() {
    List<EthernetFrame> frames = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      frames.add(Frames.view(Frames.octets(BOB, ALICE, 100)));
    }
    link.sends(frames.toArray(EthernetFrame[]::new));

    assertThat(unmaskedPayload(link.written())).hasSize(2 * 10 * (WireRecord.HEADER_LENGTH + 100));
  }

  @Test
  void aSuperFrameThatTheWireDoesNotCarryIsSegmented() {
    EthernetFrame frame = Frames.view(tcp(1000));
    assertThat(frame.offload(Offload.TCP, 300)).isTrue();
    link.sends(frame);

    String payload = unmaskedPayload(link.written());
    assertThat(payload).hasSize(2 * (4 * (WireRecord.HEADER_LENGTH + HEADERS) + 1000));
    assertThat(payload).startsWith("%02x%06x".formatted(0, HEADERS + 300));
  }

  private void hubSends(byte[]... records) {
    link.receives(unmasked(FIN | BINARY, ByteBufUtil.getBytes(Unpooled.wrappedBuffer(records))));
  }

  private static byte[] record(int type, byte[] frame, int segmentSize) {
    ByteBuf record = Unpooled.buffer(WireRecord.HEADER_LENGTH + frame.length);
    record.writeByte(type).writeMedium(frame.length).writeShort(segmentSize).writeInt(0);
    return record.writeBytes(frame).array();
  }

  /** IPv4 with correct lengths; the checksums are left to be done. */
  private static byte[] tcp(int payload) {
    byte[] frame = Frames.octets(BOB, ALICE, HEADERS + payload);
    ByteBuf out = Unpooled.wrappedBuffer(frame);
    out.setShort(12, 0x0800).setByte(14, 0x45).setShort(16, 40 + payload).setShort(20, 0);
    out.setByte(23, 6).setByte(46, 0x50);
    return frame;
  }

  /** Of the one message there is, with the length in whatever form. */
  private static String unmaskedPayload(String hex) {
    byte[] octets = ByteBufUtil.decodeHexDump(hex);
    assertThat(octets[0]).isEqualTo((byte) 0x82);
    int key = 2 + ((octets[1] & 0x7f) == 126 ? 2 : (octets[1] & 0x7f) == 127 ? 8 : 0);
    for (int i = key + 4; i < octets.length; i++) {
      octets[i] ^= octets[key + (i - key - 4) % 4];
    }
    return ByteBufUtil.hexDump(octets, key + 4, octets.length - key - 4);
  }
}
