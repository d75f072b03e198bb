package etherws.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import etherws.frame.EthernetFrame;
import etherws.frame.MacAddress;
import etherws.metrics.PortCounters;
import etherws.testing.Frames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who receives what with which tag: random ports, policies and frames against a naive model. */
@Execution(ExecutionMode.CONCURRENT)
class VlanModelTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final int FRAMES = 1_500;
  private static final ByteBufAllocator ALLOCATOR = UnpooledByteBufAllocator.DEFAULT;

  private final Map<String, ModelPort> fdb = new HashMap<>();
  private final List<ModelPort> ports = new ArrayList<>();
  private long nanos;

  /** A port that does what it may to what it is offered. */
  private static final class ModelPort implements Port {
    private final String name;
    private final PortPolicy policy;
    private final Attachment attachment;
    private final PortCounters counters = new PortCounters();
    private final List<String> frames = new ArrayList<>();
    private final List<ByteBuf> kept = new ArrayList<>();

    ModelPort(String name, PortPolicy policy, Bridge bridge) {
      this.name = name;
      this.policy = policy;
      this.attachment = bridge.attach(this, policy);
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public PortCounters counters() {
      return counters;
    }

    @Override
    public void offer(EthernetFrame frame) {
      frames.add(ByteBufUtil.hexDump(frame.buffer(), frame.start(), frame.length()));
      kept.add(frame.isShared() ? frame.copy(ALLOCATOR).retain() : Unpooled.EMPTY_BUFFER);
      int room = frame.headroom();
      for (int i = -room; room > 0 && i < frame.length(); i++) {
        frame.buffer().setByte(frame.start() + i, 0xee);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void deliversAsTheModelDoes(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Bridge bridge = new Bridge(BridgeSettings.DEFAULTS, () -> nanos);
    int count = random.nextInt(2, 7);
    for (int i = 0; i < count; i++) {
      ports.add(new ModelPort("p" + i, policy(random), bridge));
    }
    for (int i = 0; i < FRAMES; i++) {
      nanos += Duration.ofMillis(120).toNanos(); // stations move, but don't flap
      ModelPort in = ports.get(random.nextInt(count));
      byte[] octets = octets(random);
      Map<ModelPort, String> expected = deliver(in, octets);
      in.attachment.receive(frame(random, octets));
      for (ModelPort port : ports) {
        List<String> wanted = expected.containsKey(port) ? List.of(expected.get(port)) : List.of();
        assertThat(port.frames)
            .as(in.name + " got " + HEX.formatHex(octets) + ", seed " + seed)
            .isEqualTo(wanted);
        assertThatTheKeptAreTheFramesOf(port);
      }
    }
  }

  private static void assertThatTheKeptAreTheFramesOf(ModelPort port) {
    for (int i = 0; i < port.kept.size(); i++) {
      ByteBuf kept = port.kept.get(i);
      if (kept.isReadable()) {
        int length = kept.readableBytes() - EthernetFrame.HEADROOM;
        assertThat(ByteBufUtil.hexDump(kept, EthernetFrame.HEADROOM, length))
            .isEqualTo(port.frames.get(i));
        kept.release();
      }
    }
    port.kept.clear();
    port.frames.clear();
  }

  private static PortPolicy policy(SplittableRandom random) {
    BitSet tagged = new BitSet();
    for (int vid = 1; vid <= 5; vid++) {
      tagged.set(vid, random.nextBoolean());
    }
    VlanSettings vlan =
        random.nextInt(4) == 0
            ? VlanSettings.TRANSPARENT
            : new VlanSettings(random.nextInt(-1, 5), tagged);
    return new PolicyBuilder()
        .vlan(vlan)
        .flood(random.nextInt(4) != 0)
        .isolated(random.nextInt(3) == 0)
        .group(random.nextInt(4) == 0 ? 1 : 0)
        .build();
  }

  private static byte[] octets(SplittableRandom random) {
    byte[] plain = Frames.octets(destination(random), station(random), 60);
    ByteBuf octets = Unpooled.buffer().writeBytes(plain, 0, 12);
    for (int tags = random.nextInt(4) / 2 + random.nextInt(2); tags > 0; tags--) {
      octets.writeShort(random.nextInt(6) == 0 ? 0x88a8 : 0x8100);
      octets.writeShort(random.nextInt(8) << 13 | random.nextInt(7));
    }
    octets.writeBytes(plain, 12, 48);
    return ByteBufUtil.getBytes(octets);
  }

  private static long destination(SplittableRandom random) {
    return random.nextInt(3) == 0 ? MacAddress.BROADCAST : station(random);
  }

  private static long station(SplittableRandom random) {
    return Frames.ALICE + random.nextInt(5);
  }

  /** Where it lies: left to the bridge with much room or little, or not at all. */
  private static EthernetFrame frame(SplittableRandom random, byte[] octets) {
    int room = new int[] {0, 2, 4, 10, EthernetFrame.HEADROOM}[random.nextInt(5)];
    EthernetFrame frame = new EthernetFrame();
    frame.wrap(Unpooled.buffer().writeZero(room).writeBytes(octets), room, octets.length);
    frame.leave(room);
    return frame;
  }

  // ---- the model

  private Map<ModelPort, String> deliver(ModelPort in, byte[] octets) {
    String hex = HEX.formatHex(octets);
    String destination = hex.substring(0, 12);
    boolean tagged = hex.startsWith("8100", 24);
    int tag = tagged ? Integer.parseInt(hex.substring(28, 32), 16) : 0;
    int vid = (tag & 0xfff) == 0 ? in.policy.vlan().pvid() : tag & 0xfff;
    if (!isMember(in, vid)) {
      return Map.of();
    }
    fdb.put(vid + hex.substring(12, 24), in);
    ModelPort known = fdb.get(vid + destination);
    Map<ModelPort, String> delivered = new HashMap<>();
    for (ModelPort out : ports) {
      boolean unknown = known == null && !destination.equals("ffffffffffff");
      if (out != in
          && (known == null || known == out)
          && isMember(out, vid)
          && (out.policy.flood() || !unknown)
          && !(in.policy.isolated() && out.policy.isolated())
          && !(in.policy.group() == 1 && out.policy.group() == 1)) {
        String left = leaving(out, vid, tagged, tag, hex);
        if (left != null) {
          delivered.put(out, left);
        }
      }
    }
    return delivered;
  }

  private static boolean isMember(ModelPort port, int vid) {
    VlanSettings vlan = port.policy.vlan();
    return vid >= 0 && (vid == vlan.pvid() || vlan.tagged().get(vid));
  }

  private static @Nullable String leaving(
      ModelPort out, int vid, boolean tagged, int tag, String hex) {
    if (vid == 0) {
      return hex;
    }
    String stations = hex.substring(0, 24);
    String rest = hex.substring(tagged ? 32 : 24);
    if (vid != out.policy.vlan().pvid()) {
      return stations + "8100%04x".formatted((tag & 0xf000) | vid) + rest;
    }
    return tagged && rest.startsWith("8100") ? null : stations + rest;
  }
}
