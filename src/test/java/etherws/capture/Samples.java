package etherws.capture;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;

/** Frames of several kinds, from 02:..:0a to 02:..:0b unless their kind wants it otherwise. */
final class Samples {
  static final String ALICE = "02000000000a";
  static final String BOB = "02000000000b";
  static final String TO_BOB = BOB + ALICE;

  /** 192.0.2.1 asks for 192.0.2.2. */
  static final byte[] ARP =
      frame(
          "ffffffffffff" + ALICE,
          "0806" + "0001080006040001" + ALICE + "c0000201" + "000000000000" + "c0000202");

  static final byte[] TCP4 = frame(TO_BOB, "0800" + ipv4(6, 0) + "c0000050" + tcpRest());
  static final byte[] UDP4 = frame(TO_BOB, "0800" + ipv4(17, 0) + "0035c00000080000");
  static final byte[] FRAGMENT4 = frame(TO_BOB, "0800" + ipv4(17, 100) + "0035c00000080000");
  static final byte[] ICMP4 = frame(TO_BOB, "0800" + ipv4(1, 0) + "0800f7ff00000000");
  static final byte[] TAGGED_TCP4 =
      frame(TO_BOB, "8100000a" + "0800" + ipv4(6, 0) + "c0000050" + tcpRest());
  static final byte[] DOUBLE_TAGGED_UDP6 =
      frame(TO_BOB, "88a80064" + "81000014" + "86dd" + ipv6(17) + "003500350008abcd");
  static final byte[] ICMP6 = frame("333300000001" + ALICE, "86dd" + ipv6(58) + "8600000000000000");

  /** UDP behind a hop-by-hop header. */
  static final byte[] OPTIONS_UDP6 =
      frame(TO_BOB, "86dd" + ipv6(0) + "1100010400000000" + "003500350008abcd");

  static final byte[] OTHER = frame(TO_BOB, "88b5" + "00112233");

  private Samples() {}

  static byte[] frame(String addresses, String rest) {
    return HexFormat.of().parseHex(addresses + rest);
  }

  private static String ipv4(int protocol, int fragmentOffset) {
    int length = protocol == Headers.TCP ? 40 : 28;
    return "4500%04x0000%04x40%02x0000c0000201c0000202".formatted(length, fragmentOffset, protocol);
  }

  private static String tcpRest() {
    return "00000001000000005002200000000000";
  }

  private static String ipv6(int nextHeader) {
    return "600000000008%02x40".formatted(nextHeader)
        + "20010db8000000000000000000000001"
        + "20010db8000000000000000000000002";
  }

  /** In a buffer, not at its start. */
  static ByteBuf inBuffer(byte[] frame) {
    return Unpooled.buffer().writeZero(3).writeBytes(frame);
  }

  static boolean accepts(FrameFilter filter, byte[] frame) {
    return filter.accepts(inBuffer(frame), 3, frame.length);
  }
}
