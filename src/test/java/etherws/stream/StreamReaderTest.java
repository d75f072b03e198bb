package etherws.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import etherws.frame.EthernetFrame;
import etherws.metrics.DropReason;
import etherws.metrics.PortCounters;
import etherws.testing.Frames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamReaderTest {
  /** Two frames of 14 and 18 octets. */
  private static final String TWO =
      "0000000e 02000000000b 02000000000a 88b5"
          + "00000012 ffffffffffff 02000000000a 88b5 01020304";

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
  private final PortCounters counters = new PortCounters();
  private final List<String> frames = new ArrayList<>();
  private final StreamReader reader =
      new StreamReader(
          allocator,
          counters,
          frame -> frames.add(ByteBufUtil.hexDump(frame.buffer(), frame.start(), frame.length())));

  @AfterEach
  void freesItsBuffer() {
    reader.close();
    assertThat(allocator.metric().usedDirectMemory()).isZero();
  }

  @Test
  void findsFramesBehindTheirLengths() throws Exception {
    reader.read(hex(TWO));

    assertThat(frames)
        .containsExactly("02000000000b02000000000a88b5", "ffffffffffff02000000000a88b501020304");
  }

  @Test
  void findsTheSameWhereverTheStreamIsCut() throws Exception {
    byte[] stream = hex(TWO + TWO).array();
    reader.read(Unpooled.wrappedBuffer(stream));
    List<String> whole = List.copyOf(frames);
    for (int first = 0; first <= stream.length; first++) {
      for (int second = first; second <= stream.length; second++) {
        frames.clear();
        reader.read(Unpooled.wrappedBuffer(stream, 0, first));
        reader.read(Unpooled.wrappedBuffer(stream, first, second - first));
        reader.read(Unpooled.wrappedBuffer(stream, second, stream.length - second));
        assertThat(frames).as("cut at %d and %d", first, second).isEqualTo(whole);
      }
    }
  }

  @Test
  void findsTheSameOctetByOctet() throws Exception {
    Random random = new Random(5);
    List<String> sent = new ArrayList<>();
    ByteBuf stream = Unpooled.buffer();
    for (int length : List.of(14, 1514, EthernetFrame.MAX_LENGTH, 60)) {
      byte[] octets = new byte[length];
      random.nextBytes(octets);
      stream.writeInt(length).writeBytes(octets);
      sent.add(ByteBufUtil.hexDump(octets));
    }
    while (stream.isReadable()) {
      reader.read(stream.readSlice(1));
    }
    assertThat(frames).isEqualTo(sent);
  }

  @ParameterizedTest
  @ValueSource(strings = {"00010016", "7fffffff", "80000000", "ffffffff"})
  void aLengthOfMoreThanAnyFrameIsAnErrorBeforeTheFrame(String length) throws Exception {
    String message = "a frame of %d octets, more than 65557".formatted(Long.parseLong(length, 16));
    assertThatExceptionOfType(StreamException.class)
        .isThrownBy(() -> reader.read(hex(length)))
        .withMessage(message);

    reader.read(hex(TWO + length.substring(0, 2)));
    assertThat(frames).hasSize(2);
    assertThatExceptionOfType(StreamException.class)
        .isThrownBy(() -> reader.read(hex(length.substring(2))))
        .withMessage(message);
    assertThat(allocator.metric().usedDirectMemory()).isLessThan(4096);
  }

  @Test
  void aRuntIsACountedDrop() throws Exception {
    reader.read(hex("00000000 0000000d 02000000000b02000000000a88" + TWO));

    assertThat(frames).hasSize(2);
    assertThat(counters.drops(DropReason.RUNT)).isEqualTo(2);
  }

  @Test
  void writesWhatItReads() throws Exception {
    ByteBuf out = Unpooled.buffer();
    EthernetFrame frame = Frames.frame(Frames.ALICE, Frames.BOB);

    assertThat(StreamEncoder.octets(frame)).isEqualTo(64);
    StreamEncoder.ofThread().append(frame, out, counters);

    assertThat(out.readableBytes()).isEqualTo(64);
    reader.read(out);
    assertThat(frames)
        .containsExactly(ByteBufUtil.hexDump(frame.buffer(), frame.start(), frame.length()));
  }

  private static ByteBuf hex(String octets) {
    return Unpooled.wrappedBuffer(HexFormat.of().parseHex(octets.replace(" ", "")));
  }
}
