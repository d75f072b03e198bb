package etherws.frame;

import static etherws.frame.Packet.ACK;
import static etherws.frame.Packet.CWR;
import static etherws.frame.Packet.ECE;
import static etherws.frame.Packet.FIN;
import static etherws.frame.Packet.PSH;
import static etherws.frame.Packet.RST;
import static etherws.frame.Packet.SYN;
import static etherws.frame.Packet.URG;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CoalescerTest {
  private static final byte[] TIMESTAMPS = {1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2};
  private static final byte[] TIMESTAMPS_LATER = {1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 3};

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
  private final Random random = new Random(11);
  private final List<Out> outs = new ArrayList<>();
  private final Coalescer coalescer = new Coalescer(allocator, frame -> outs.add(Out.of(frame)));

  /** A frame that came out. */
  private record Out(Offload kind, int segmentSize, List<byte[]> segments, ByteBuf octets) {
    static Out of(EthernetFrame frame) {
      ByteBuf octets = Unpooled.buffer(frame.length());
      octets.writeBytes(frame.buffer(), frame.start(), frame.length());
      return new Out(frame.offload(), frame.segmentSize(), SegmenterTest.segment(frame), octets);
    }
  }

  static List<Packet> tcpShapes() {
    return Shapes.plain().stream().filter(shape -> !shape.udp).toList();
  }

  static List<Named<Consumer<Packet>>> changes() {
    Map<String, Consumer<Packet>> changes = new LinkedHashMap<>();
    changes.put("a gap", packet -> packet.sequence++);
    changes.put("an old segment", packet -> packet.sequence -= 2000);
    changes.put("an ID that stands still", packet -> packet.id--);
    changes.put("an ID that jumps", packet -> packet.id++);
    changes.put("another acknowledgment", packet -> packet.acknowledgment++);
    changes.put("another window", packet -> packet.window++);
    changes.put("another urgent pointer", packet -> packet.urgent++);
    changes.put("another TTL", packet -> packet.ttl--);
    changes.put("another TOS", packet -> packet.trafficClass = 3);
    changes.put("another DF", packet -> packet.fragment = 0);
    changes.put("a first fragment", packet -> packet.fragment = 0x2000);
    changes.put("a later fragment", packet -> packet.fragment = 100);
    changes.put("IPv4 options", packet -> packet.ipv4Options = new byte[] {1, 1, 1, 1});
    changes.put("TCP options", packet -> packet.tcpOptions = new byte[] {1, 1, 1, 1});
    changes.put("another tag", packet -> packet.tags = new int[] {0x8100_0001});
    changes.put("padding", packet -> packet.padding = 1);
    changes.put("one octet more", packet -> packet.payload = new byte[1001]);
    changes.put(
        "padding behind less",
        packet -> {
          packet.payload = new byte[900];
          packet.padding = 1;
        });
    changes.put("no payload", packet -> packet.payload = new byte[0]);
    for (int flags : new int[] {0, FIN, SYN, RST, URG, ECE, CWR, 0x100, 0x800}) {
      changes.put("flags " + flags, packet -> packet.flags = flags == 0 ? 0 : ACK | flags);
    }
    return named(changes);
  }

  /** To a tagged segment over IPv6 with timestamps; the headers stay where they are. */
  static List<Named<Consumer<Packet>>> changesInPlace() {
    Map<String, Consumer<Packet>> changes = new LinkedHashMap<>();
    changes.put("another VID", packet -> packet.tags = new int[] {0x8100_e00b});
    changes.put("another priority", packet -> packet.tags = new int[] {0x8100_c00a});
    changes.put("another traffic class", packet -> packet.trafficClass = 1);
    changes.put("another flow label", packet -> packet.flowLabel = 1);
    changes.put("another hop limit", packet -> packet.ttl--);
    changes.put("another timestamp", packet -> packet.tcpOptions = TIMESTAMPS_LATER);
    return named(changes);
  }

  private static List<Named<Consumer<Packet>>> named(Map<String, Consumer<Packet>> changes) {
    return changes.entrySet().stream()
        .map(change -> Named.of(change.getKey(), change.getValue()))
        .toList();
  }

  @AfterEach
  void holdsNothingWhenClosed() {
    coalescer.close();
    coalescer.close();
    assertThat(allocator.metric().usedDirectMemory()).isZero();
  }

  @ParameterizedTest
  @MethodSource("tcpShapes")
  void putsConsecutiveSegmentsTogether(Packet shape) {
    shape.payload = Packet.octets(random, 10_000);
    shape.cut(1448).forEach(this::offer);

    assertThat(outs).hasSize(1);
    assertThat(outs.getFirst().kind).isEqualTo(Offload.TCP);
    assertThat(outs.getFirst().segmentSize).isEqualTo(1448);
    assertThat(outs.getFirst().segments).containsExactly(octets(shape.cut(1448)));
  }

  @ParameterizedTest
  @MethodSource("tcpShapes")
  void makesTheSuperFrameThatItsSenderWouldHaveMade(Packet shape) {
    shape.payload = Packet.octets(random, 3 * 1448 + 1);
    shape.flags |= PSH;
    EthernetFrame whole = shape.offloaded(Offload.TCP, 1448);
    SegmenterTest.segment(whole).forEach(this::offer);

    assertThat(outs).hasSize(1);
    assertThat(outs.getFirst().octets)
        .isEqualTo(whole.buffer().slice(whole.start(), whole.length()));
  }

  @Test
  void letsALoneSegmentOutAsItCame() {
    Packet packet = segment();
    offer(packet);
    assertThat(outs).isEmpty();

    coalescer.flush();

    assertPlain(packet);
  }

  @Test
  void leavesRoomBeforeAFrameThatWasHeld() {
    List<Integer> starts = new ArrayList<>();
    Coalescer other = new Coalescer(allocator, frame -> starts.add(frame.start()));
    other.offer(segment().plain());
    other.flush();
    other.close();

    assertThat(starts).containsExactly(Coalescer.HEADROOM);
  }

  @ParameterizedTest
  @MethodSource("changes")
  void changesNothingAndNoOrder(Consumer<Packet> change) {
    Packet first = segment();
    Packet second = first.next();
    change.accept(second);
    offer(first);
    offer(second);
    coalescer.flush();

    assertPlain(first, second);
  }

  @ParameterizedTest
  @MethodSource("changesInPlace")
  void noticesEveryDifference(Consumer<Packet> change) {
    Packet first = Packet.tcp(true, Packet.octets(random, 1000));
    first.tags = new int[] {0x8100_e00a};
    first.tcpOptions = TIMESTAMPS;
    Packet second = first.next();
    change.accept(second);
    offer(first);
    offer(second);
    coalescer.flush();

    assertPlain(first, second);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, FIN, SYN, RST, PSH, URG, ECE, CWR, 0x100, 0x800})
  void beginsWithNoUnusualFlag(int flags) {
    Packet first = segment();
    first.flags = flags == 0 ? 0 : ACK | flags;
    offer(first);

    assertPlain(first);
  }

  @Test
  void beginsWithNothingSpecial() {
    Packet options = segment();
    options.ipv4Options = new byte[4];
    Packet padded = segment();
    padded.padding = 2;
    Packet fragment = segment();
    fragment.fragment = 0x2000;
    Packet reserved = segment();
    reserved.fragment = 0xc000;
    Packet small = Packet.tcp(true, Packet.octets(random, EthernetFrame.MIN_SEGMENT - 1));
    Packet large = Packet.tcp(true, new byte[65_515]); // which IPv6 can tell
    Packet udp = Packet.udp(true, Packet.octets(random, 1000));
    for (Packet packet : List.of(options, padded, fragment, reserved, small, large, udp)) {
      offer(packet);
      assertPlain(packet);
      outs.clear();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {24, 25, 50, 51, 60, 1053})
  void passesWhatHasAWrongChecksum(int octet) {
    byte[] first = segment().octets();
    byte[] wrong = segment().next().octets();
    wrong[octet] ^= 0x40;
    offer(first);
    offer(wrong);
    assertThat(outs).hasSize(2);
    offer(wrong);
    coalescer.flush();

    assertThat(outs).allMatch(out -> out.kind == Offload.NONE);
    assertThat(outs.stream().flatMap(out -> out.segments.stream()))
        .containsExactly(first, wrong, wrong);
  }

  /** Of the two zeros Segmenter writes 0 to a TCP segment. */
  @Test
  void passesTheOtherZero() {
    Packet first = segment();
    Packet second = first.next();
    second.window = first.window = 0;
    int checksum = (second.octets()[50] & 0xff) << 8 | (second.octets()[51] & 0xff);
    second.window = first.window = checksum;
    byte[] octets = second.octets();
    assertThat(octets[50] | octets[51]).isZero();
    octets[50] = octets[51] = (byte) 0xff;
    offer(first);
    offer(octets);
    coalescer.flush();

    assertThat(outs).hasSize(2);
    assertThat(outs.getLast().octets).isEqualTo(Unpooled.wrappedBuffer(octets));
    outs.clear();

    offer(first);
    offer(second);
    coalescer.flush();
    assertThat(outs).hasSize(1);
  }

  @Test
  void endsWithPush() {
    Packet packet = segment();
    packet.payload = Packet.octets(random, 3000);
    packet.flags |= PSH;
    packet.cut(1000).forEach(this::offer);

    assertThat(outs).hasSize(1);
    assertThat(outs.getFirst().segments).containsExactly(octets(packet.cut(1000)));
  }

  @Test
  void endsWithAShorterSegment() {
    Packet packet = segment();
    packet.payload = Packet.octets(random, 2001);
    packet.cut(1000).forEach(this::offer);

    assertThat(outs).hasSize(1);
    assertThat(outs.getFirst().segments).hasSize(3);
  }

  /** As GRO does: what is shorter than the rest was the last of something. */
  @Test
  void holdsNoShorterSegmentThatDoesNotContinue() {
    Packet first = segment();
    Packet late = first.next();
    late.sequence++;
    late.payload = Packet.octets(random, 900);
    offer(first);
    offer(late);
    offer(late.next());
    coalescer.flush();

    assertPlain(first, late, late.next());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void endsBeforeADatagramWouldBeTooLong(boolean ipv6) {
    for (int size : new int[] {536, 1000, 1448, 5039, 9000, 33_000}) {
      outs.clear();
      Packet packet = Packet.tcp(ipv6, Packet.octets(random, 200_000));
      packet.cut(size).forEach(this::offer);
      coalescer.flush();

      int inOne = (0xffff - (ipv6 ? 60 : 40)) / size;
      assertThat(outs.getFirst().segments).hasSize(inOne).hasSizeLessThanOrEqualTo(128);
      assertThat(outs.stream().flatMap(out -> out.segments.stream()))
          .containsExactly(octets(packet.cut(size)));
    }
  }

  @Test
  void keepsConnectionsApart() {
    List<List<Packet>> streams =
        IntStream.range(0, 8).mapToObj(i -> connection(i).cut(1000)).toList();
    for (int i = 0; i < 3; i++) {
      for (List<Packet> stream : streams) {
        offer(stream.get(i));
      }
    }
    assertThat(outs).isEmpty();
    coalescer.flush();

    assertThat(outs).hasSize(8).allMatch(out -> out.segments.size() == 3);
  }

  @Test
  void letsTheOldestOutForANinth() {
    IntStream.range(0, 9).forEach(i -> offer(connection(i).cut(1000).getFirst()));

    assertPlain(connection(0).cut(1000).getFirst());
  }

  @Test
  void letsOthersPass() {
    Packet first = segment();
    Packet acknowledgment = Packet.tcp(false, new byte[0]);
    acknowledgment.port++;
    Packet udp = Packet.udp(false, new byte[900]);
    udp.fragment = 0x2000;
    offer(first);
    offer(acknowledgment);
    offer(udp);
    offer(new byte[60]);
    offer(first.next());
    assertThat(outs).hasSize(3);
    coalescer.flush();

    assertThat(outs.getLast().segments).hasSize(2);
  }

  @Test
  void passesWhatIsOffloadedInItsOrder() {
    Packet first = segment();
    Packet second = first.next();
    second.payload = Packet.octets(random, 3000);
    offer(first);
    coalescer.offer(second.offloaded(Offload.TCP, 1000));

    assertThat(outs).hasSize(2);
    assertThat(outs.getLast().kind).isEqualTo(Offload.TCP);
  }

  @Test
  void closeDropsWhatIsHeld() {
    offer(segment());
    coalescer.close();
    coalescer.flush();

    assertThat(outs).isEmpty();
  }

  private Packet segment() {
    return Packet.tcp(false, Packet.octets(new Random(3), 1000));
  }

  private static Packet connection(int i) {
    Packet packet = Packet.tcp(i % 2 == 0, Packet.octets(new Random(i), 3000));
    packet.port += i;
    return packet;
  }

  private void assertPlain(Packet... packets) {
    assertThat(outs).allMatch(out -> out.kind == Offload.NONE);
    assertThat(outs.stream().flatMap(out -> out.segments.stream()))
        .containsExactly(octets(List.of(packets)));
  }

  private void offer(Packet packet) {
    offer(packet.octets());
  }

  private void offer(byte[] octets) {
    coalescer.offer(Packet.direct(octets));
  }

  private static byte[][] octets(List<Packet> packets) {
    return packets.stream().map(Packet::octets).toArray(byte[][]::new);
  }
}
