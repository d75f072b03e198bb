package etherws.tunnel;

import etherws.linux.IpPrefix;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** The addresses that begin with the same bits: {@code 10.0.0.0/8}, or one address alone. */
public record Subnet(InetAddress first, int bits) {
  /**
   * Reads {@code 10.0.0.0/8}, {@code 2001:db8::/32} or an address alone; never asks the name
   * service.
   *
   * @throws IllegalArgumentException with one line that says what is wrong
   */
  public static Subnet parse(String text) {
    IpPrefix prefix = prefix(text);
    Subnet subnet = of(prefix);
    if (!subnet.first.equals(prefix.address())) {
      throw new IllegalArgumentException(
          "\"%s\" is no subnet: %s or %s?"
              .formatted(text, subnet, prefix.address().getHostAddress()));
    }
    return subnet;
  }

  /**
   * The same, but any address of the subnet will do as its first.
   *
   * @throws IllegalArgumentException if it is neither address nor subnet
   */
  static Subnet around(String text) {
    return of(prefix(text));
  }

  private static IpPrefix prefix(String text) {
    try {
      String whole = text.contains(":") ? "/128" : "/32";
      return IpPrefix.parse(text.contains("/") ? text : text + whole);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "\"%s\" is no address or subnet, such as 192.0.2.1 or 10.0.0.0/8".formatted(text), e);
    }
  }

  private static Subnet of(IpPrefix prefix) {
    byte[] octets = prefix.address().getAddress();
    clear(octets, prefix.length());
    return new Subnet(address(octets), prefix.length());
  }

  /** Never for an address of the other family; an IPv4 address in IPv6 is an IPv4 address. */
  boolean contains(InetAddress address) {
    byte[] octets = address(address.getAddress()).getAddress();
    byte[] ours = first.getAddress();
    if (octets.length != ours.length) {
      return false;
    }
    clear(octets, bits);
    return Arrays.equals(octets, ours);
  }

  private static void clear(byte[] octets, int from) {
    for (int bit = from; bit < octets.length * Byte.SIZE; bit++) {
      octets[bit / Byte.SIZE] &= (byte) ~(0x80 >> bit % Byte.SIZE);
    }
  }

  /** Of 4 or 16 octets. */
  static InetAddress address(byte[] octets) {
    try {
      return InetAddress.getByAddress(octets);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Override
  public String toString() {
    return first.getHostAddress() + "/" + bits;
  }
}
