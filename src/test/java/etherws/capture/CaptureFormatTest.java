package etherws.capture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import etherws.testing.Command;
import etherws.testing.Frames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaptureFormatTest {
  private static final long TIME = 1_700_000_000_123_456_789L;

  private final Capture capture = new Capture(FrameFilter.ALL, 262_144, () -> TIME);
  private final Capture.Source tap = capture.source("lab/1 ethws0");
  private final ByteBuf out = Unpooled.buffer();

  @TempDir private Path directory;

  /** Frames on two ports, of which the second came while the capture ran. */
  private void write(CaptureFormat format) {
    tap.frame(true, Frames.view(Samples.TAGGED_TCP4));
    format.begin(out);
    format.frame(requireNonNull(capture.poll()), out);
    Capture.Source late = capture.source("lab/2 alice");
    late.frame(false, Frames.view(Samples.ARP));
    format.frame(requireNonNull(capture.poll()), out);
    format.end(out);
  }

  /** Type and content of each block, once its two lengths agree. */
  private List<ByteBuf> blocks() {
    List<ByteBuf> blocks = new ArrayList<>();
    for (int at = 0; at < out.writerIndex(); ) {
      int length = out.getIntLE(at + 4);
      assertThat(length % 4).isZero();
      assertThat(out.getIntLE(at + length - 4)).isEqualTo(length);
      blocks.add(out.slice(at, length));
      at += length;
    }
    return blocks;
  }

  @Test
  void pcapngDescribesEachPortBeforeItsFirstFrame() {
    write(new Pcapng(capture));

    assertThat(blocks().stream().map(block -> block.getIntLE(0)))
        .containsExactly(0x0a0d0d0a, 1, 6, 1, 6, 5, 5);
  }

  @Test
  void pcapngHasTheFrameWithItsTimeAndDirection() {
    write(new Pcapng(capture));

    ByteBuf frame = blocks().get(2);
    assertThat(frame.getIntLE(8)).as("interface").isZero();
    long time = (long) frame.getIntLE(12) << 32 | frame.getUnsignedIntLE(16);
    assertThat(time).isEqualTo(TIME);
    int length = Samples.TAGGED_TCP4.length;
    assertThat(frame.getIntLE(20)).as("captured").isEqualTo(length);
    assertThat(frame.getIntLE(24)).as("original").isEqualTo(length);
    assertThat(ByteBufUtil.getBytes(frame, 28, length)).isEqualTo(Samples.TAGGED_TCP4);
    int options = 28 + Math.ceilDiv(length, 4) * 4;
    assertThat(ByteBufUtil.hexDump(frame, options, 12)).isEqualTo("020004000100000000000000");

    ByteBuf other = blocks().get(4);
    assertThat(other.getIntLE(8)).isEqualTo(1);
    assertThat(ByteBufUtil.hexDump(other, other.readableBytes() - 16, 8))
        .isEqualTo("0200040002000000");
  }

  @Test
  void pcapngEndsWithWhatWasDropped() {
    for (int i = 0; i < 100_000; i++) {
      tap.frame(true, Frames.frame(Frames.BOB, Frames.ALICE));
    }
    Pcapng pcapng = new Pcapng(capture);
    pcapng.begin(out);
    pcapng.end(out);

    ByteBuf statistics = blocks().getLast();
    assertThat(statistics.getUnsignedShortLE(20)).as("isb_ifrecv").isEqualTo(4);
    assertThat(statistics.getLongLE(24)).isEqualTo(100_000);
    assertThat(statistics.getUnsignedShortLE(32)).as("isb_ifdrop").isEqualTo(5);
    assertThat(statistics.getLongLE(36)).isEqualTo(tap.dropped()).isPositive();
  }

  @Test
  void wiresharkReadsIt() throws Exception {
    assumeTrue(Command.of("tshark", "--version").run().status() == 0, "needs tshark");
    write(new Pcapng(capture));
    Path file = directory.resolve("frames.pcapng");
    Files.write(file, ByteBufUtil.getBytes(out));

    String fields =
        Command.of(
                "tshark",
                "-r",
                file.toString(),
                "-t",
                "u",
                "-T",
                "fields",
                "-E",
                "separator=|",
                "-e",
                "frame.interface_name",
                "-e",
                "frame.time_epoch",
                "-e",
                "frame.protocols",
                "-e",
                "vlan.id",
                "-e",
                "frame.packet_flags_direction")
            .succeed()
            .replace("0x0000000", ""); // depends on its version

    assertThat(fields)
        .isEqualTo(
            """
            lab/1 ethws0|1700000000.123456789|eth:ethertype:vlan:ethertype:ip:tcp|10|1
            lab/2 alice|1700000000.123456789|eth:ethertype:arp||2
            """);
  }

  @Test
  void linesAreForPeople() {
    write(new FrameLines(capture, ZoneOffset.UTC));

    assertThat(out.toString(UTF_8))
        .isEqualTo(
            """
            22:13:20.123456 lab/1 ethws0 in  02:00:00:00:00:0a > 02:00:00:00:00:0b IPv4 vlan 10 length 58
            22:13:20.123456 lab/2 alice out 02:00:00:00:00:0a > ff:ff:ff:ff:ff:ff ARP length 42
            2 frames, 0 of them dropped for want of room
            """);
  }
}
