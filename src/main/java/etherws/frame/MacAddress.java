package etherws.frame;

import java.util.HexFormat;

/** A 48-bit MAC address in the low bits of a {@code long}, first octet on the wire uppermost. */
public final class MacAddress {
  public static final long BROADCAST = 0xffff_ffff_ffffL;

  private static final long GROUP_BIT = 1L << 40;
  private static final HexFormat COLONS = HexFormat.ofDelimiter(":");

  private MacAddress() {}

  /** True for multicast and broadcast: the I/G bit of IEEE 802, first on the wire. */
  public static boolean isGroup(long mac) {
    return (mac & GROUP_BIT) != 0;
  }

  /** {@code 02:00:5e:10:00:01}. */
  public static String format(long mac) {
    byte[] octets = new byte[6];
    for (int i = 0; i < 6; i++) {
      octets[i] = (byte) (mac >>> (40 - 8 * i));
    }
    return COLONS.formatHex(octets);
  }

  /**
   * The address written as six pairs of hex digits with colons between.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  public static long parse(String text) {
    byte[] octets = COLONS.parseHex(text);
    if (octets.length != 6) {
      throw new IllegalArgumentException("not a MAC address: " + text);
    }
    long mac = 0;
    for (byte octet : octets) {
      mac = mac << 8 | (octet & 0xff);
    }
    return mac;
  }
}
