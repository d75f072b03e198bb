package etherws.frame;

import static org.assertj.core.api.Assertions.assertThat;

import etherws.testing.PrivateNetwork;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Vnet headers that are malformed and that the kernel accepts all the same, when one is written to
 * a TAP. From a peer we take a kind and a segment size; this is what becomes of those.
 */
@ExtendWith(PrivateNetwork.class)
class MalformedOffloadIT {
  private static final int NEEDS_CSUM = 1;
  private static final int DATA_VALID = 2;
  private static final int TCPV4 = 1;
  private static final int UFO = 3;
  private static final int TRANSPORT = 34;
  private static final int PAYLOAD = 54;

  /** What we make of it. */
  enum Fate {
    /** No port gets it. */
    REFUSED,
    /** It is cut well, and a tunnel refuses it for its segments below MIN_SEGMENT. */
    TOO_SMALL,
    /** The rest of the header is not taken over but made from the frame. */
    MENDED
  }

  record Malformed(String name, List<Integer> header, Packet packet, Fate fate) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Malformed> malformed() {
    Packet tcp = Packet.tcp(false, new byte[3000]);
    Packet udp = Packet.udp(false, new byte[3000]);
    Packet whole = Packet.tcp(false, new byte[1000]);
    return List.of(
        header("gso_size 1", NEEDS_CSUM, TCPV4, PAYLOAD, 1, tcp, Fate.TOO_SMALL),
        header("hdr_len 0", NEEDS_CSUM, TCPV4, 0, 1448, tcp, Fate.MENDED),
        header("UFO", NEEDS_CSUM, UFO, 42, 1448, udp, Fate.REFUSED),
        header("TSO without NEEDS_CSUM", 0, TCPV4, PAYLOAD, 1448, tcp, Fate.REFUSED),
        header("GSO on ARP", NEEDS_CSUM, TCPV4, PAYLOAD, 1448, arp(), Fate.REFUSED),
        header("junk flags", 0xf8 | NEEDS_CSUM, TCPV4, PAYLOAD, 1448, tcp, Fate.MENDED),
        header("DATA_VALID with NEEDS_CSUM", NEEDS_CSUM | DATA_VALID, 0, 0, 0, whole, Fate.MENDED),
        header("over 64 KiB", NEEDS_CSUM, 0, 0, 0, tcp(70_000), Fate.REFUSED),
        header("100 KB TSO", NEEDS_CSUM, TCPV4, PAYLOAD, 1448, tcp(100_000), Fate.REFUSED));
  }

  private static Malformed header(
      String name, int flags, int type, int length, int size, Packet packet, Fate fate) {
    int offset = packet.udp ? IpHeaders.UDP_CHECKSUM : IpHeaders.TCP_CHECKSUM;
    return new Malformed(name, List.of(flags, type, length, size, TRANSPORT, offset), packet, fate);
  }

  private static Packet tcp(int octets) {
    return Packet.tcp(false, new byte[octets]);
  }

  private static Packet arp() {
    Packet packet = tcp(3000);
    packet.etherType = 0x0806;
    return packet;
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void isRefusedOrMended(Malformed malformed) {
    byte[] octets = malformed.packet.octets();
    List<Integer> h = malformed.header;
    byte[] header = RawTap.header(h.get(0), h.get(1), h.get(2), h.get(3), h.get(4), h.get(5));
    try (RawTap tap = new RawTap("alone")) {
      assertThat(tap.write(header, octets)).as("the kernel").isEqualTo(10 + octets.length);
    }

    EthernetFrame frame = malformed.packet.plain();
    boolean taken = takes(frame, h.get(0), h.get(1), h.get(3));

    assertThat(taken).isEqualTo(malformed.fate != Fate.REFUSED);
    if (taken) {
      assertThat(RawTap.header(frame)).as("what we write").isEqualTo(right(frame));
      assertThat(frame.isSuperFrame() && frame.segmentSize() < EthernetFrame.MIN_SEGMENT)
          .isEqualTo(malformed.fate == Fate.TOO_SMALL);
      assertThat(SegmenterTest.segment(frame))
          .containsExactly(
              malformed.packet.cut(pieceOf(frame)).stream()
                  .map(Packet::octets)
                  .toArray(byte[][]::new));
    }
  }

  /** The facts that a header's numbers stand for, all else ignored. */
  private static boolean takes(EthernetFrame frame, int flags, int type, int size) {
    if ((flags & NEEDS_CSUM) == 0) {
      return type == 0;
    }
    return switch (type) {
      case 0 -> frame.offload(Offload.CHECKSUM, 0);
      case TCPV4 -> frame.offload(Offload.TCP, size);
      default -> false;
    };
  }

  private static int pieceOf(EthernetFrame frame) {
    return frame.isSuperFrame() ? frame.segmentSize() : frame.length();
  }

  private static byte[] right(EthernetFrame frame) {
    boolean superFrame = frame.isSuperFrame();
    return RawTap.header(
        NEEDS_CSUM,
        superFrame ? TCPV4 : 0,
        superFrame ? PAYLOAD : 0,
        frame.segmentSize(),
        TRANSPORT,
        IpHeaders.TCP_CHECKSUM);
  }
}
