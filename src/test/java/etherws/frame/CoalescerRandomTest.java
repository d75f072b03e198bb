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
    Packet[] connections = connections(random);
    for (int i = 0; i < FRAMES; i++) {
      int connection = random.nextInt(connections.length);
      byte[] octets = disturbed(connections, connection, random);
      in.computeIfAbsent(connection, c -> new ArrayList<>()).add(hex(octets));
      coalescer.offer(Packet.direct(octets));
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

  private static Packet[] connections(Random random) {
    List<Packet> shapes = Shapes.all();
    Packet[] connections = new Packet[1 + random.nextInt(12)];
    for (int i = 0; i < connections.length; i++) {
      connections[i] = shapes.get(i == 0 ? 0 : random.nextInt(shapes.size())).copy();
      connections[i].port = 1000 + i;
      connections[i].sequence = random.nextInt();
      connections[i].id = random.nextInt(0x10000);
      connections[i].payload = Packet.octets(random, 500 + random.nextInt(1000));
    }
    connections[0].payload = Packet.octets(random, 1000);
    return connections;
  }

  /** The connection's next frame, commonly as it should be. */
  private byte[] disturbed(Packet[] connections, int connection, Random random) {
    Packet packet = connections[connection].next();
    packet.payload = Packet.octets(random, packet.payload.length);
    connections[connection] = packet;
    Packet sent = packet.copy();
    boolean spoilt = false;
    switch (random.nextInt(40)) {
      case 0 -> packet.sequence = sent.sequence += random.nextInt();
      case 1 -> packet.id = sent.id += random.nextInt(3) - 1;
      case 2 -> sent.flags = random.nextInt(0x1000);
      case 3 -> sent.flags |= Packet.PSH;
      case 4 -> sent.padding = random.nextInt(20);
      case 5 -> packet.window = sent.window += 1;
      case 6 -> packet.acknowledgment = sent.acknowledgment += 1448;
      case 7 -> sent.payload = packet.payload = Packet.octets(random, random.nextInt(2000));
      case 8 -> sent.payload = new byte[0];
      case 9 -> sent.fragment = random.nextInt(0x10000);
      case 10 -> sent.tags = Shapes.TAGS[random.nextInt(3)];
      case 11 -> sent.tcpOptions = new byte[4 * random.nextInt(4)];
      case 12 -> sent.ttl = packet.ttl = random.nextInt(256);
      case 13, 14, 15 -> spoilt = true;
      default -> {}
    }
    byte[] octets = sent.octets();
    octets[5] = (byte) connection; // the label by which it is found again
    if (spoilt) {
      int at =
          6
              + random.nextInt(
                  random.nextBoolean() ? Math.min(48, octets.length - 6) : octets.length - 6);
      octets[at] ^= (byte) (1 << random.nextInt(8));
      int transport = octets.length - sent.padding - sent.payload.length - sent.headerLength();
      if (at < transport + 4) {
        strays.add(hex(octets));
      }
    }
    return octets;
  }

  private static List<String> all(Map<Integer, List<String>> frames) {
    return frames.values().stream().flatMap(List::stream).toList();
  }

  private static String hex(byte[] octets) {
    return HexFormat.of().formatHex(octets);
  }
}
