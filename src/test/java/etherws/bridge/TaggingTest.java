package etherws.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import etherws.frame.EthernetFrame;
import etherws.frame.Offload;
import etherws.frame.Packet;
import etherws.frame.Segmenter;
import etherws.metrics.PortCounters;
import etherws.testing.RecordingPort;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Super-frames and incomplete checksums whose tags change on the way. */
class TaggingTest {
  private static final int SIZE = 1_448;
  private static final int TAG = 0x8100_000a;

  private final Bridge bridge = new Bridge(BridgeSettings.DEFAULTS, () -> 0);
  private final WirePort in = new WirePort();
  private final WirePort out = new WirePort();

  /** A port that finishes what is offered, and looks at where it lies. */
  private static final class WirePort implements Port {
    private final PortCounters counters = new PortCounters();
    private final Segmenter segmenter = new Segmenter();
    private final List<byte[]> frames = new ArrayList<>();
    private ByteBuf buffer = Unpooled.EMPTY_BUFFER;
    private int headroom;

    @Override
    public String name() {
      return "wire";
    }

    @Override
    public PortCounters counters() {
      return counters;
    }

    @Override
    public void offer(EthernetFrame frame) {
      buffer = frame.buffer();
      headroom = frame.headroom();
      int segments = segmenter.begin(frame);
      for (int i = 0; i < segments; i++) {
        ByteBuf segment = Unpooled.buffer();
        segmenter.write(i, segment);
        frames.add(ByteBufUtil.getBytes(segment));
      }
    }
  }

  private static PortPolicy access() {
    return new PolicyBuilder().vlan(VlanSettings.access(10)).build();
  }

  private static PortPolicy trunk() {
    BitSet tagged = new BitSet();
    tagged.set(10);
    return new PolicyBuilder().vlan(new VlanSettings(VlanSettings.NONE, tagged)).build();
  }

  @ParameterizedTest
  @CsvSource({
    "false, false, TCP",
    "true, false, TCP",
    "false, true, UDP",
    "true, true, UDP",
    "false, false, CHECKSUM",
    "true, true, CHECKSUM"
  })
  void tagsAndUntagsWhatIsLeftToBeDone(boolean ipv6, boolean udp, Offload kind) {
    byte[] payload = new byte[kind == Offload.CHECKSUM ? 1_000 : 60_000];
    Packet plain = udp ? Packet.udp(ipv6, payload) : Packet.tcp(ipv6, payload);
    Packet tagged = plain.tagged(TAG);
    Attachment atIn = bridge.attach(in, access());
    Attachment atOut = bridge.attach(out, trunk());

    for (int room : new int[] {0, 4, EthernetFrame.HEADROOM}) {
      atIn.receive(left(plain, kind, room));
      assertSame(out.frames, wire(tagged, kind));
      out.frames.clear();

      atOut.receive(left(tagged, kind, room));
      assertSame(in.frames, wire(plain, kind));
      in.frames.clear();
    }
  }

  @Test
  void copiesNoSuperFrameBetweenTwoPorts() {
    Attachment atIn = bridge.attach(in, access());
    Attachment atOut = bridge.attach(out, trunk());
    PortPolicy elsewhere = new PolicyBuilder().vlan(VlanSettings.access(20)).build();
    bridge.attach(new RecordingPort("elsewhere"), elsewhere);
    Packet plain = Packet.tcp(false, new byte[60_000]);

    EthernetFrame frame = left(plain, Offload.TCP, EthernetFrame.HEADROOM);
    ByteBuf buffer = frame.buffer();
    atIn.receive(frame);
    assertThat(out.buffer).isSameAs(buffer);
    assertThat(out.headroom).isEqualTo(EthernetFrame.HEADROOM - EthernetFrame.TAG_LENGTH);

    frame = left(plain.tagged(TAG), Offload.TCP, EthernetFrame.HEADROOM);
    buffer = frame.buffer();
    atOut.receive(frame);
    assertThat(in.buffer).isSameAs(buffer);
    assertThat(in.headroom).isEqualTo(EthernetFrame.HEADROOM + EthernetFrame.TAG_LENGTH);
  }

  @Test
  void leavesAFrameThatIsNotItsOwnAsItWas() {
    Attachment atIn = bridge.attach(in, access());
    bridge.attach(out, trunk());
    Packet plain = Packet.tcp(true, new byte[9_000]);

    EthernetFrame frame = left(plain, Offload.TCP, 0);
    atIn.receive(frame);

    assertThat(out.buffer.refCnt()).as("its copy is freed").isZero();
    assertSame(segments(frame), wire(plain, Offload.TCP));
  }

  @Test
  void carriesTwoTagsUnderAThird() {
    Attachment atIn = bridge.attach(in, access());
    bridge.attach(out, trunk());
    Packet plain = Packet.tcp(false, new byte[9_000]).tagged(0x88a8_0064, 0x8100_0005);

    atIn.receive(left(plain, Offload.TCP, EthernetFrame.HEADROOM));

    assertSame(out.frames, wire(plain.tagged(TAG, 0x88a8_0064, 0x8100_0005), Offload.TCP));
  }

  private static EthernetFrame left(Packet packet, Offload kind, int room) {
    byte[] octets = packet.octets();
    EthernetFrame frame = new EthernetFrame();
    frame.wrap(Unpooled.directBuffer().writeZero(room).writeBytes(octets), room, octets.length);
    assertThat(frame.offload(kind, SIZE)).isTrue();
    frame.leave(room);
    return frame;
  }

  private static List<byte[]> wire(Packet packet, Offload kind) {
    return segments(left(packet, kind, 0));
  }

  private static List<byte[]> segments(EthernetFrame frame) {
    WirePort wire = new WirePort();
    wire.offer(frame);
    return wire.frames;
  }

  private static void assertSame(List<byte[]> frames, List<byte[]> expected) {
    assertThat(frames).containsExactlyElementsOf(expected);
  }
}
