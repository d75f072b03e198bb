package etherws.frame;

import static org.assertj.core.api.Assertions.assertThat;

import etherws.testing.Frames;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlowTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final String STATIONS = "02000000000b02000000000a";
  private static final String IPV6 =
      "6000000000100000fe800000000000000000000000000001ff020000000000000000000000000001";

  private final Random random = new Random(4);

  @ParameterizedTest
  @CsvSource({
    "ARP, 08060001080006040001",
    "EAPOL, 888e02010000",
    "LLDP, 88cc0207040200000000",
    "spanning tree, 0026424203000000000080",
    "a DHCP request, 0800 4500011c0000000040110000 00000000ffffffff 0044004301080000",
    "a DHCP answer, 0800 4500011c0000000040110000 c0000201ffffffff 0043004401080000",
    "DHCP behind IPv4 options,"
        + " 0800 460001200000000040110000 00000000ffffffff 94040000 0044004301080000",
    "a DHCPv6 request, 86dd IPV6(11) 02220223",
    "a DHCPv6 answer, 86dd IPV6(11) 02230222",
    "a router solicitation, 86dd IPV6(3a) 8500",
    "a router advertisement, 86dd IPV6(3a) 8600",
    "a neighbour solicitation, 86dd IPV6(3a) 8700",
    "a neighbour advertisement, 86dd IPV6(3a) 8800",
    "a redirect, 86dd IPV6(3a) 8900",
  })
  void aNetworkStandsStillWithout(String what, String octets) {
    byte[] plain = frame("", octets);

    assertThat(Flow.isControl(Frames.view(plain))).as(what).isTrue();
    for (String tags : List.of("81000005", "88a80007", "88a8000781000005")) {
      assertThat(Flow.isControl(Frames.view(frame(tags, octets)))).as(what + tags).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "an echo request, 0800 4500001c0000000040010000 c0000201c0000202 0800000000000000",
    "TCP to the port of DHCP, 0800 450000280000000040060000 c0000201c0000202 0043004300000000",
    "UDP from the port of DHCP, 0800 4500001c0000000040110000 c0000201c0000202 0043003500080000",
    "a later fragment, 0800 4500001c0000000140110000 c0000201c0000202 0044004300080000",
    "an IPv6 echo request, 86dd IPV6(3a) 8000",
    "a multicast listener report, 86dd IPV6(3a) 8f00",
    "UDP from the port of DHCPv6, 86dd IPV6(11) 02220035",
    "another EtherType, 88b500000000",
    "three tags, 810000018100000281000003 08060001",
  })
  void otherTrafficWaitsItsTurn(String what, String octets) {
    assertThat(Flow.isControl(Frames.view(frame("", octets)))).as(what).isFalse();
  }

  @Test
  void allFramesOfAFlowHaveOneHash() {
    for (Packet packet : Shapes.all()) {
      packet.payload = Packet.octets(random, 100);
      int hash = Flow.hash(packet.plain());
      for (int i = 0; i < 10; i++) {
        packet.payload = Packet.octets(random, 1 + random.nextInt(1400));
        packet.sequence = random.nextInt();
        packet.id = random.nextInt(0x10000);
        packet.window = random.nextInt(0x10000);
        packet.ttl = 1 + random.nextInt(255);
        assertThat(Flow.hash(packet.plain())).isEqualTo(hash);
      }
    }
  }

  @Test
  void aSuperFrameHashesAsItsSegments() {
    Packet packet = Packet.tcp(true, Packet.octets(random, 9000));

    assertThat(Flow.hash(packet.offloaded(Offload.TCP, 1400)))
        .isEqualTo(Flow.hash(packet.cut(1400).getLast().plain()));
  }

  @Test
  void flowsThatDifferInPortOrAddressSpreadOverAllQueues() {
    for (boolean ipv6 : new boolean[] {false, true}) {
      Packet packet = Packet.tcp(ipv6, new byte[10]);
      int[] byPort = new int[256];
      int[] byAddress = new int[256];
      for (int i = 0; i < 4096; i++) {
        packet.port = 32_768 + i;
        packet.host = 1;
        byPort[Flow.hash(packet.plain()) & 0xff]++;
        packet.port = 5001;
        packet.host = i;
        byAddress[Flow.hash(packet.plain()) & 0xff]++;
      }
      assertThat(IntStream.of(byPort)).allMatch(flows -> flows >= 1 && flows <= 64);
      assertThat(IntStream.of(byAddress)).allMatch(flows -> flows >= 1 && flows <= 64);
    }
  }

  @Test
  void whatIsNotIpIsToldApartByItsStations() {
    int alice = Flow.hash(Frames.frame(Frames.BOB, Frames.ALICE));

    assertThat(Flow.hash(Frames.frame(Frames.BOB, Frames.ALICE))).isEqualTo(alice);
    assertThat(Flow.hash(Frames.frame(Frames.BOB, Frames.CAROL))).isNotEqualTo(alice);
  }

  /** The buffer ends with the frame: who reads on gets an exception. */
  @Test
  void noFrameIsTooShort() {
    for (Packet packet : Shapes.all()) {
      packet.payload = new byte[8];
      everyLengthOf(packet.octets());
    }
    everyLengthOf(frame("", "0800 4f00ffff0000000040110000 00000000ffffffff 00440043"));
    everyLengthOf(frame("88a8000781000005", "86dd IPV6(3a) 8700"));
    everyLengthOf(frame("88a8000781000005", "86dd IPV6(11) 02220223"));
    everyLengthOf(frame("810000018100000281000003", "0806"));
  }

  private static void everyLengthOf(byte[] whole) {
    for (int length = EthernetFrame.HEADER_LENGTH; length <= whole.length; length++) {
      EthernetFrame frame = new EthernetFrame();
      frame.wrap(Unpooled.wrappedBuffer(Arrays.copyOf(whole, length)), 0, length);
      assertThat(Flow.hash(frame)).isNotNegative();
      Flow.isControl(frame);
      if (IpHeaders.isTag(frame.etherType()) && length < 18) {
        assertThat(Flow.isControl(frame)).as("a tag cut short").isFalse();
      }
    }
  }

  private static byte[] frame(String tags, String octets) {
    String header = IPV6.substring(0, 12) + "$1" + IPV6.substring(14);
    String hex = octets.replaceAll("IPV6\\(([0-9a-f]{2})\\)", header).replace(" ", "");
    return ByteBufUtil.getBytes(
        Unpooled.wrappedBuffer(HEX.parseHex(STATIONS + tags + hex), new byte[8]));
  }
}
