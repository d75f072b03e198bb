package etherws.frame;

import static org.assertj.core.api.Assertions.assertThat;

import etherws.testing.PrivateNetwork;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What {@link Coalescer} puts together against what the kernel's GRO does. Without VLAN tags: a
 * kernel without 802.1Q, as there are, leaves tagged frames alone.
 */
@ExtendWith(PrivateNetwork.class)
class KernelGroIT {
  /** The kernel's clock may tick at any time: see {@link KernelGro}. */
  private static final int TRIES = 6;

  private final Random random = new Random(13);

  /** Ten segments, the sixth of them changed. */
  private static Map<String, Consumer<List<Packet>>> disturbances() {
    Map<String, Consumer<List<Packet>>> all = new LinkedHashMap<>();
    all.put("none", segments -> {});
    all.put("a lone segment", segments -> segments.subList(1, 10).clear());
    all.put("a gap", segments -> segments.remove(5));
    all.put("a retransmission", segments -> segments.add(6, segments.get(2)));
    all.put("a shorter retransmission", segments -> segments.add(6, shorter(segments.get(2))));
    all.put("a shorter one, and all that follow it", segments -> follow(segments, 700));
    all.put("longer from there on", segments -> follow(segments, 1300));
    all.put("others first", segments -> segments.add(5, segments.remove(7)));
    all.put("an acknowledgment", segments -> segments.add(5, empty(segments.get(5))));
    all.put("a shorter last", segments -> segments.add(shorter(segments.removeLast())));
    all.put("PSH in the first", segments -> segments.getFirst().flags |= Packet.PSH);
    all.put("CWR in the first", segments -> segments.getFirst().flags |= Packet.CWR);
    all.put("PSH in the last", segments -> segments.getLast().flags |= Packet.PSH);
    for (int flag = Packet.SYN; flag <= Packet.CWR; flag <<= 1) {
      int changed = flag;
      all.put("flag " + flag, segments -> segments.get(5).flags ^= changed);
    }
    all.put("another TTL", segments -> segments.get(5).ttl--);
    all.put("another traffic class", segments -> segments.get(5).trafficClass = 4);
    all.put("congestion", segments -> segments.get(5).trafficClass = 3);
    all.put("an IPv4 ID that jumps", segments -> segments.get(5).id += 7);
    all.put("an IPv4 ID that stands still", segments -> segments.get(5).id--);
    all.put("no DF", segments -> segments.forEach(segment -> segment.fragment = 0));
    all.put("no DF in one", segments -> segments.get(5).fragment = 0);
    all.put("IPv4's reserved flag", segments -> segments.forEach(s -> s.fragment = 0xc000));
    all.put("padding", segments -> segments.get(5).padding = 4);
    all.put("another source", segments -> segments.get(5).host++);
    all.put("a window that moves", segments -> segments.subList(5, 10).forEach(s -> s.window++));
    all.put(
        "acknowledgments that move",
        segments -> segments.subList(5, 10).forEach(segment -> segment.acknowledgment += 99));
    all.put(
        "time passes",
        segments -> segments.subList(5, 10).forEach(s -> s.tcpOptions = later(s.tcpOptions)));
    all.put("more than 64 KiB", KernelGroIT::extend);
    return all;
  }

  /** What the kernel puts together and we don't. */
  private static Map<String, Consumer<List<Packet>>> ofTheKernelAlone() {
    Map<String, Consumer<List<Packet>>> all = new LinkedHashMap<>();
    all.put("ECE in all", segments -> segments.forEach(s -> s.flags |= Packet.ECE));
    all.put("FIN in the last", segments -> segments.getLast().flags |= Packet.FIN);
    all.put("IPv4 IDs that stand still", segments -> segments.forEach(s -> s.id = 7));
    all.put("segments of 500", segments -> segments.forEach(s -> resize(segments, s, 500)));
    return all;
  }

  @Test
  void putsTogetherWhatTheKernelPutsTogether() throws Exception {
    try (KernelGro kernel = new KernelGro()) {
      for (Packet shape : tcpShapes()) {
        for (var disturbance : disturbances().entrySet()) {
          List<Packet> segments = stream(shape);
          disturbance.getValue().accept(segments);
          assertSame(kernel, disturbance.getKey(), octets(segments));
        }
        for (int octet = 14; octet < stream(shape).getFirst().octets().length; octet += 17) {
          List<byte[]> spoilt = octets(stream(shape));
          spoilt.get(5)[octet] ^= 0x20;
          assertSame(kernel, "a spoilt octet " + octet, spoilt);
        }
      }
    }
  }

  @Test
  void keepsAsManyConnectionsApart() throws Exception {
    try (KernelGro kernel = new KernelGro()) {
      for (int connections = 1; connections <= 10; connections++) {
        List<List<Packet>> streams =
            IntStream.range(0, connections)
                .mapToObj(i -> stream(tcpShapes().get(i % 6).from(i + 1)))
                .toList();
        List<Packet> mixed = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          for (List<Packet> stream : streams) {
            mixed.add(stream.get(i));
          }
        }
        assertSame(kernel, connections + " connections", octets(mixed));
      }
    }
  }

  @Test
  void leavesSomeToTheKernelAlone() throws Exception {
    try (KernelGro kernel = new KernelGro()) {
      for (var kind : ofTheKernelAlone().entrySet()) {
        List<Packet> segments = stream(tcpShapes().getFirst());
        kind.getValue().accept(segments);
        List<byte[]> frames = octets(segments);

        assertThat(Coalesced.ours(frames)).as(kind.getKey()).hasSizeGreaterThan(1);
        assertThat(kernelUntil(kernel, frames, out -> out.size() == 1))
            .as(kind.getKey())
            .hasSize(1);
      }
    }
  }

  private static void assertSame(KernelGro kernel, String name, List<byte[]> frames) {
    List<Coalesced> ours = Coalesced.ours(frames);
    List<Coalesced> theirs = kernelUntil(kernel, frames, out -> sorted(out).equals(sorted(ours)));
    assertThat(sorted(ours)).as(name).isEqualTo(sorted(theirs));
  }

  /** A frame that has a wrong checksum overtakes in the kernel, and not here. */
  private static List<String> sorted(List<Coalesced> frames) {
    return frames.stream()
        .map(out -> out + HexFormat.of().formatHex(out.octets()))
        .sorted()
        .toList();
  }

  private static List<Coalesced> kernelUntil(
      KernelGro kernel, List<byte[]> frames, Predicate<List<Coalesced>> isRight) {
    List<Coalesced> out = kernel.coalesce(frames);
    for (int tries = 1; tries < TRIES && !isRight.test(out); tries++) {
      out = kernel.coalesce(frames);
    }
    return out;
  }

  private static List<Packet> tcpShapes() {
    return Shapes.plain().stream().filter(s -> !s.udp && s.tags.length == 0).toList();
  }

  private List<Packet> stream(Packet shape) {
    Packet whole = shape.copy();
    whole.payload = Packet.octets(random, 10_000);
    return new ArrayList<>(whole.cut(1000));
  }

  /** The sixth gets this length, and the others go on behind it with the same. */
  private static void follow(List<Packet> segments, int length) {
    for (int i = 5; i < 10; i++) {
      Packet segment = segments.get(i);
      segment.sequence = segments.get(i - 1).next().sequence;
      segment.payload = Packet.octets(new Random(i), length);
    }
  }

  private static void resize(List<Packet> segments, Packet segment, int length) {
    segment.sequence = segments.getFirst().sequence + segments.indexOf(segment) * length;
    segment.payload = Packet.octets(new Random(segment.sequence), length);
  }

  private static void extend(List<Packet> segments) {
    while (segments.size() < 100) {
      segments.add(segments.getLast().next());
    }
  }

  private static Packet shorter(Packet segment) {
    Packet shorter = segment.copy();
    shorter.payload = Packet.octets(new Random(1), 700);
    return shorter;
  }

  private static Packet empty(Packet segment) {
    Packet empty = segment.copy();
    empty.payload = new byte[0];
    return empty;
  }

  private static byte[] later(byte[] options) {
    byte[] later = options.clone();
    if (later.length > 0) {
      later[7]++;
    }
    return later;
  }

  private static List<byte[]> octets(List<Packet> segments) {
    return segments.stream().map(Packet::octets).toList();
  }
}
