package etherws.frame;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Every combination of headers that is understood. */
final class Shapes {
  static final int[][] TAGS = {{}, {0x8100_e00a}, {0x88a8_0064, 0x8100_000a}};
  private static final String TIMESTAMPS = "0101080a0102030405060708";
  private static final String SACK = "0101050a0000000100000002";

  private Shapes() {}

  static List<Packet> all() {
    List<Packet> shapes = new ArrayList<>();
    for (Packet shape : plain()) {
      shapes.add(shape);
      if (!shape.ipv6) {
        Packet options = shape.copy();
        options.ipv4Options = HexFormat.of().parseHex("94040000");
        shapes.add(options);
      }
    }
    return shapes;
  }

  /** Those without IPv4 options. */
  static List<Packet> plain() {
    List<Packet> shapes = new ArrayList<>();
    for (int[] tags : TAGS) {
      for (boolean ipv6 : new boolean[] {false, true}) {
        for (String options : new String[] {"", TIMESTAMPS, TIMESTAMPS + SACK}) {
          Packet tcp = Packet.tcp(ipv6, new byte[0]);
          tcp.tcpOptions = HexFormat.of().parseHex(options);
          tcp.tags = tags;
          shapes.add(tcp);
        }
        Packet udp = Packet.udp(ipv6, new byte[0]);
        udp.tags = tags;
        shapes.add(udp);
      }
    }
    return shapes;
  }
}
