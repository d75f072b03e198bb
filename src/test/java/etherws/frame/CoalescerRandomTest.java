package etherws.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Streams with every kind of disturbance come out, segmented, to the octet as they went in. */
class CoalescerRandomTest {
  private static final int FRAMES = 400;

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
  private final Map<Integer, List<String>> in = new TreeMap<>();
  private final Map<Integer, List<String>> out = new TreeMap<>();

  /** Frames whose connection can't be told any more: they may overtake. */
  private final Set<String> strays = new HashSet<>();

  private int superFrames;

  static long[] seeds() {
    return new Random(2026).longs(150).toArray();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void segmentedAgainIsWhatWentIn(long seed) {
    Random random = new Random(seed);
    Coalescer coalescer = new Coalescer(allocator, this::takeOut);
    DisturbedStreams streams = new DisturbedStreams(random, Shapes.all(), 12);
    for (int i = 0; i < FRAMES; i++) {
      DisturbedStreams.Sent sent = streams.next();
      in.computeIfAbsent(sent.connection(), c -> new ArrayList<>()).add(hex(sent.octets()));
      if (sent.stray()) {
        strays.add(hex(sent.octets()));
      }
      coalescer.offer(Packet.direct(sent.octets()));
      if (random.nextInt(60) == 0) {
        coalescer.flush();
      }
    }
    coalescer.flush();
    coalescer.close();

    assertThat(all(out)).containsExactlyInAnyOrderElementsOf(all(in));
    in.values().forEach(frames -> frames.removeAll(strays));
    out.values().forEach(frames -> frames.removeAll(strays));
    assertThat(out).isEqualTo(in);
    assertThat(superFrames).isPositive();
    assertThat(allocator.metric().usedDirectMemory()).isZero();
  }

  private void takeOut(EthernetFrame frame) {
    superFrames += frame.isSuperFrame() ? 1 : 0;
    int connection = frame.buffer().getByte(frame.start() + 5);
    for (byte[] octets : SegmenterTest.segment(frame)) {
      out.computeIfAbsent(connection, c -> new ArrayList<>()).add(hex(octets));
    }
  }

  private static List<String> all(Map<Integer, List<String>> frames) {
    return frames.values().stream().flatMap(List::stream).toList();
  }

  private static String hex(byte[] octets) {
    return HexFormat.of().formatHex(octets);
  }
}
