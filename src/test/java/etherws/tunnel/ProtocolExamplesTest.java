package etherws.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import etherws.frame.EthernetFrame;
import etherws.frame.Offload;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The hex examples of etherws.v2 in docs/protocol.md, replayed in both directions. */
class ProtocolExamplesTest {
  private static final int ARP = 42;
  private static final int SEGMENT = 56;
  private static final int SUPER_FRAME = 654;
  private static final int RECORD = WireRecord.HEADER_LENGTH;

  @Test
  void theFramesOfTheFirstExampleComeInAndGoOut() throws Exception {
    String example = example("frames");
    String arp = octets(example, 2 + RECORD, ARP);
    String segment = octets(example, 2 + RECORD + ARP + RECORD, SEGMENT);

    try (EmbeddedLink hub = new EmbeddedLink(Wire.V2, true)) {
      hub.receives(ByteBufUtil.decodeHexDump(example));
      assertThat(hub.seen)
          .containsExactly(
              new EmbeddedLink.Seen(arp, Offload.NONE, 0),
              new EmbeddedLink.Seen(segment, Offload.CHECKSUM, 0));
    }
    try (EmbeddedLink spoke = new EmbeddedLink(Wire.V2, false)) {
      spoke.sends(frame(arp, Offload.NONE, 0), frame(segment, Offload.CHECKSUM, 0));
      assertThat(spoke.written()).isEqualTo(example);
    }
  }

  @Test
  void theSuperFrameOfTheSecondExampleComesInAndGoesOut() throws Exception {
    String example = example("super-frame");
    String octets = octets(example, 4 + RECORD, SUPER_FRAME);

    try (EmbeddedLink hub = new EmbeddedLink(Wire.V2, true)) {
      hub.receives(ByteBufUtil.decodeHexDump(example));
      assertThat(hub.seen).containsExactly(new EmbeddedLink.Seen(octets, Offload.TCP, 536));
    }
    try (EmbeddedLink spoke = new EmbeddedLink(Wire.V2, false)) {
      spoke.sends(frame(octets, Offload.TCP, 536));
      assertThat(spoke.written()).isEqualTo(example);
    }
  }

  @ParameterizedTest
  @MethodSource("controls")
  void theControlMessagesAreReadAndWritten(String name, ControlMessage message, String json)
      throws Exception {
    byte[] example = ByteBufUtil.decodeHexDump(example(name));

    assertThat(example[1]).isEqualTo((byte) (example.length - 2));
    assertThat(new String(example, 2, example.length - 2, StandardCharsets.UTF_8)).isEqualTo(json);
    assertThat(ControlReader.read(Unpooled.wrappedBuffer(example), 2, example.length - 2))
        .isEqualTo(message);
  }

  static Stream<Arguments> controls() {
    Set<String> all = Set.of(ControlMessage.RTT, ControlMessage.GOING_AWAY);
    var hello = new ControlMessage.Hello(all, 1500, null);
    var client = new ControlMessage.Hello(all, 0, "AAECAwQFBgcICQoLDA0ODw");
    var rtt = new ControlMessage.Rtt(420);
    var goingAway = new ControlMessage.GoingAway(1000);
    return Stream.of(
        Arguments.of("hello", hello, hello.json()),
        Arguments.of("hello-of-a-client", client, client.json()),
        Arguments.of("rtt", rtt, rtt.json()),
        Arguments.of("going-away", goingAway, goingAway.json()));
  }

  private static EthernetFrame frame(String hex, Offload offload, int segmentSize) {
    EthernetFrame frame = new EthernetFrame();
    byte[] octets = ByteBufUtil.decodeHexDump(hex);
    assertThat(frame.wrap(Unpooled.wrappedBuffer(octets), 0, octets.length)).isTrue();
    assertThat(frame.offload(offload, segmentSize)).isTrue();
    return frame;
  }

  private static String octets(String hex, int start, int length) {
    return hex.substring(2 * start, 2 * (start + length));
  }

  /**
   * A block's octets; what stands behind three spaces is for people, {@code 00 x 3} is repeated.
   */
  private static String example(String name) throws IOException {
    String document = Files.readString(Path.of("docs/protocol.md"));
    Matcher block =
        Pattern.compile("```example " + name + "\n(.*?)```", Pattern.DOTALL).matcher(document);
    assertThat(block.find()).as("example " + name).isTrue();
    return block.group(1).lines().map(ProtocolExamplesTest::octets).collect(Collectors.joining());
  }

  private static String octets(String line) {
    String hex = line.split(" {3}", 2)[0];
    Matcher repeated = Pattern.compile("([0-9a-f]{2}) x (\\d+)").matcher(hex);
    return repeated.matches()
        ? repeated.group(1).repeat(Integer.parseInt(repeated.group(2)))
        : hex.replace(" ", "");
  }
}
