package etherws.frame;

import etherws.testing.Choices;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Connections whose segments are disturbed by choice: what comes out of the coalescer, cut again,
 * is what went in to the octet, each connection in its order.
 */
public final class CoalescerFuzz {
  private static final int CONNECTIONS = 10;
  private static final int MAX_FRAMES = 300;

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
  private final Map<Integer, List<String>> in = new TreeMap<>();
  private final Map<Integer, List<String>> out = new TreeMap<>();

  /** Frames whose connection can't be told any more: they may overtake. */
  private final Set<String> strays = new HashSet<>();

  private final Packet[] connections = new Packet[CONNECTIONS];

  private CoalescerFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    new CoalescerFuzz().run(new Choices(input));
  }

  private void run(Choices choices) {
    Coalescer coalescer = new Coalescer(allocator, this::takeOut);
    for (int i = 0; choices.hasMore() && i < MAX_FRAMES; i++) {
      int connection = choices.below(CONNECTIONS);
      byte[] octets = next(connection, choices);
      octets[5] = (byte) connection; // the label by which it is found again
      in.computeIfAbsent(connection, c -> new ArrayList<>()).add(ByteBufUtil.hexDump(octets));
      coalescer.offer(Packet.direct(octets));
    }
    coalescer.flush();
    coalescer.close();
    compare();
    if (allocator.metric().usedDirectMemory() != 0) {
      throw new AssertionError("octets are still held");
    }
  }

  private void takeOut(EthernetFrame frame) {
    OffloadFuzz.checkWouldBeTaken(frame);
    int connection = frame.buffer().getByte(frame.start() + 5);
    for (byte[] octets : PlainFrames.of(frame)) {
      out.computeIfAbsent(connection, c -> new ArrayList<>()).add(ByteBufUtil.hexDump(octets));
    }
  }

  private byte[] next(int connection, Choices choices) {
    Packet packet =
        connections[connection] == null ? first(connection, choices) : after(connection);
    connections[connection] = packet;
    Packet sent = packet.copy();
    switch (choices.below(20)) {
      case 0 -> packet.sequence = sent.sequence += choices.u32();
      case 1 -> packet.id = sent.id += choices.octet();
      case 2 -> sent.flags = choices.u16() & 0xfff;
      case 3 -> sent.flags |= Packet.PSH;
      case 4 -> sent.padding = choices.below(20);
      case 5 -> packet.window = sent.window = choices.u16();
      case 6 -> packet.acknowledgment = sent.acknowledgment = choices.u32();
      case 7 -> sent.payload = packet.payload = payload(choices);
      case 8 -> sent.payload = payload(choices);
      case 9 -> sent.fragment = choices.u16();
      case 10 -> sent.tags = Shapes.TAGS[choices.below(3)];
      case 11 -> sent.tcpOptions = new byte[4 * choices.below(11)];
      case 12 -> packet.ttl = sent.ttl = choices.octet();
      case 13 -> packet.urgent = sent.urgent = choices.u16();
      case 14 -> packet.trafficClass = sent.trafficClass = choices.octet();
      default -> {}
    }
    byte[] octets = sent.octets();
    return choices.below(16) == 15 ? spoilt(connection, sent, octets, choices) : octets;
  }

  private static Packet first(int connection, Choices choices) {
    List<Packet> shapes = Shapes.all();
    Packet first = shapes.get(choices.below(shapes.size())).copy();
    first.port = 1000 + connection;
    first.sequence = choices.u32();
    first.id = choices.u16();
    first.payload = payload(choices);
    return first;
  }

  private Packet after(int connection) {
    return connections[connection].next();
  }

  private static byte[] payload(Choices choices) {
    byte[] payload = new byte[choices.u16() % 9_000];
    byte[] start = choices.octets(choices.below(8));
    System.arraycopy(start, 0, payload, 0, Math.min(start.length, payload.length));
    return payload;
  }

  /** With an octet changed behind the first address. */
  private byte[] spoilt(int connection, Packet sent, byte[] octets, Choices choices) {
    int at = 6 + choices.u16() % (octets.length - 6);
    octets[at] ^= (byte) choices.octet();
    int transport = octets.length - sent.padding - sent.payload.length - sent.headerLength();
    if (at < transport + 4) {
      byte[] labelled = octets.clone();
      labelled[5] = (byte) connection;
      strays.add(ByteBufUtil.hexDump(labelled));
    }
    return octets;
  }

  private void compare() {
    List<String> sortedIn = in.values().stream().flatMap(List::stream).sorted().toList();
    List<String> sortedOut = out.values().stream().flatMap(List::stream).sorted().toList();
    if (!sortedIn.equals(sortedOut)) {
      throw new AssertionError("other frames came out than went in");
    }
    in.values().forEach(frames -> frames.removeAll(strays));
    out.values().forEach(frames -> frames.removeAll(strays));
    in.values().removeIf(List::isEmpty);
    out.values().removeIf(List::isEmpty);
    if (!in.equals(out)) {
      throw new AssertionError("a connection came out in another order");
    }
  }
}
