package etherws.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a sender claims to have left to be done is believed only if it fits the frame. */
class OffloadTest {
  private static final int UDP_LENGTH = 38;
  private static final List<Offload> KINDS = List.of(Offload.values());

  private final Random random = new Random(5);
  private final EthernetFrame frame = new EthernetFrame();

  static List<Packet> shapes() {
    return Shapes.all();
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void findsTheHeaders(Packet shape) {
    shape.payload = Packet.octets(random, 2000);
    IpHeaders headers = shape.offloaded(kind(shape), 1000).headers();

    int network = 14 + 4 * shape.tags.length;
    int transport = network + (shape.ipv6 ? 40 : 20 + shape.ipv4Options.length);
    assertThat(headers.network()).isEqualTo(network);
    assertThat(headers.transport()).isEqualTo(transport);
    assertThat(headers.payload()).isEqualTo(transport + shape.headerLength());
    assertThat(headers.end()).isEqualTo(shape.octets().length);
    assertThat(headers.isIpv6()).isEqualTo(shape.ipv6);
    assertThat(headers.isTcp()).isEqualTo(!shape.udp);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void refusesWhatIsCutAnywhere(Packet shape) {
    shape.payload = Packet.octets(random, 40);
    byte[] octets = shape.octets();
    for (int length = EthernetFrame.HEADER_LENGTH; length < octets.length; length++) {
      ByteBuf exact = Unpooled.wrappedBuffer(octets.clone(), 0, length).slice();
      for (Offload kind : List.of(Offload.CHECKSUM, Offload.TCP, Offload.UDP)) {
        frame.wrap(exact, 0, length);
        assertThat(frame.offload(kind, 20)).as("%s of %d octets", kind, length).isFalse();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void refusesPadding(Packet shape) {
    shape.padding = 1;
    assertRefused(shape.plain(), kind(shape), 1000);
    assertRefused(shape.plain(), Offload.CHECKSUM, 0);
  }

  /** Not one octet that decides is overlooked, and none makes it throw. */
  @ParameterizedTest
  @MethodSource("shapes")
  void survivesAnyHeader(Packet shape) {
    shape.payload = Packet.octets(random, 100);
    byte[] octets = shape.octets();
    for (int i = 0; i < 3000; i++) {
      byte[] spoilt = octets.clone();
      for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
        spoilt[12 + random.nextInt(70)] = (byte) random.nextInt();
      }
      frame.wrap(Unpooled.wrappedBuffer(spoilt), 0, spoilt.length);
      Offload kind = KINDS.get(random.nextInt(KINDS.size()));
      if (frame.offload(kind, random.nextInt(200)) && frame.offload() != Offload.NONE) {
        IpHeaders headers = frame.headers();
        assertThat(headers.end()).isEqualTo(spoilt.length);
        assertThat(headers.payload()).isLessThanOrEqualTo(spoilt.length);
        SegmenterTest.segment(frame).forEach(OffloadTest::assertWellFormed);
      }
    }
  }

  private static void assertWellFormed(byte[] octets) {
    IpHeaders headers = new IpHeaders();
    assertThat(headers.parse(Unpooled.wrappedBuffer(octets), 0, octets.length)).isTrue();
    assertThat(headers.end()).isEqualTo(octets.length);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void writesTheSumOfThePseudoHeaderItself(Packet shape) {
    shape.payload = Packet.octets(random, 999);
    byte[] right = shape.octets();
    EthernetFrame offloaded = shape.offloaded(Offload.CHECKSUM, 0);
    int field = offloaded.headers().transport() + offloaded.headers().checksumOffset();
    for (int lie : new int[] {0, 0xffff, 0x1234}) {
      EthernetFrame claimed = shape.plain();
      claimed.buffer().setShort(claimed.start() + field, lie);
      assertThat(claimed.offload(Offload.CHECKSUM, 0)).isTrue();

      assertThat(SegmenterTest.segment(claimed)).containsExactly(right);
    }
  }

  @Test
  void isOneFrameIfOneSegmentHoldsItAll() {
    Packet packet = Packet.tcp(false, Packet.octets(random, 1000));
    assertThat(packet.offloaded(Offload.TCP, 999).segments()).isEqualTo(2);

    EthernetFrame whole = packet.offloaded(Offload.TCP, 1000);

    assertThat(whole.offload()).isEqualTo(Offload.CHECKSUM);
    assertThat(whole.isSuperFrame()).isFalse();
    assertThat(whole.segmentSize()).isZero();
    assertThat(whole.segments()).isEqualTo(1);
  }

  @Test
  void refusesTheWrongKind() {
    assertRefused(Packet.tcp(false, new byte[2000]).plain(), Offload.UDP, 1000);
    assertRefused(Packet.udp(false, new byte[2000]).plain(), Offload.TCP, 1000);
  }

  static Stream<Named<Consumer<Packet>>> unsuitable() {
    return Stream.of(
        Named.of("a first fragment", packet -> packet.fragment = 0x2000),
        Named.of("a later fragment", packet -> packet.fragment = 1),
        Named.of(
            "four tags",
            packet -> packet.tags = new int[] {0x81000001, 0x81000002, 0x81000003, 0x81000004}),
        Named.of("an unknown tag", packet -> packet.tags = new int[] {0x91000001}));
  }

  @ParameterizedTest
  @MethodSource("unsuitable")
  void refusesWhatItDoesNotUnderstand(Consumer<Packet> change) {
    Packet packet = Packet.tcp(false, new byte[2000]);
    change.accept(packet);
    assertRefused(packet.plain(), Offload.TCP, 1000);
    assertRefused(packet.plain(), Offload.CHECKSUM, 0);
  }

  @Test
  void refusesADatagramThatDiffersFromItsOwnLength() {
    EthernetFrame udp = Packet.udp(false, new byte[2000]).plain();
    udp.buffer().setShort(udp.start() + UDP_LENGTH, 2007);
    assertRefused(udp, Offload.UDP, 1000);
    assertRefused(udp, Offload.CHECKSUM, 0);
  }

  /*
   * The malformed vnet headers that the kernel accepts, as far as they can be said with a kind and a
   * segment size; hdr_len, csum_start, csum_offset and flags can't be said at all.
   */

  @ParameterizedTest
  @EnumSource(names = {"TCP", "UDP"})
  void refusesSegmentsOfNothing(Offload kind) {
    Packet packet =
        kind == Offload.TCP ? Packet.tcp(true, new byte[9]) : Packet.udp(true, new byte[9]);
    assertRefused(packet.plain(), kind, 0);
    assertRefused(packet.plain(), kind, -1);
  }

  /**
   * gso_size 1: whoever takes it from a stranger bounds it by MIN_SEGMENT; it stays well-formed.
   */
  @Test
  void cutsTinySegmentsThatAreWellFormed() {
    Packet packet = Packet.tcp(false, new byte[9]);

    assertThat(SegmenterTest.segment(packet.offloaded(Offload.TCP, 1)))
        .containsExactly(packet.cut(1).stream().map(Packet::octets).toArray(byte[][]::new));
  }

  /** UFO, TSO without NEEDS_CSUM, DATA_VALID with NEEDS_CSUM: there are no words for it. */
  @Test
  void knowsNoOtherKind() {
    assertThat(Offload.values())
        .containsExactly(Offload.NONE, Offload.CHECKSUM, Offload.TCP, Offload.UDP);
    for (int number : new int[] {-1, 4, 5, 255}) {
      assertThat(Offload.of(number)).isNull();
    }
  }

  @Test
  void refusesSuperFramesOfAnotherProtocol() {
    byte[] arp = new byte[2000];
    arp[12] = 0x08;
    arp[13] = 0x06;
    assertRefused(Packet.direct(arp), Offload.TCP, 1000);
    assertRefused(Packet.direct(arp), Offload.CHECKSUM, 0);
    EthernetFrame icmp = Packet.tcp(false, new byte[2000]).plain();
    icmp.buffer().setByte(icmp.start() + 23, 1);
    assertRefused(icmp, Offload.TCP, 1000);
  }

  /** What a length field of 16 bits can't tell can't be whole: the lengths never fit. */
  @ParameterizedTest
  @MethodSource("shapes")
  void refusesMoreThan64KiB(Packet shape) {
    for (int octets : new int[] {65_536, 70_000, 100_000}) {
      shape.payload = new byte[octets];
      assertRefused(shape.plain(), kind(shape), 1448);
    }
  }

  private static Offload kind(Packet packet) {
    return packet.udp ? Offload.UDP : Offload.TCP;
  }

  private static void assertRefused(EthernetFrame frame, Offload kind, int segmentSize) {
    assertThat(frame.offload(kind, segmentSize)).isFalse();
    assertThat(frame.offload()).isEqualTo(Offload.NONE);
    assertThat(frame.isSuperFrame()).isFalse();
  }
}
