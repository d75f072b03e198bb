package etherws.linux;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An IP address of a device with the length of its network's prefix: {@code 192.0.2.1/24}. */
public record IpPrefix(InetAddress address, int length) {
  /** An IPv4 address whole, or an IPv6 one without a scope; then the length. */
  private static final Pattern FORM =
      Pattern.compile("((?:\\d{1,3}\\.){3}\\d{1,3}|[\\p{XDigit}:.]*:[\\p{XDigit}:.]*)/(\\d{1,3})");

  public IpPrefix {
    if (length < 0 || length > address.getAddress().length * Byte.SIZE) {
      throw new IllegalArgumentException(
          "a prefix of %d bits is none of %s".formatted(length, address.getHostAddress()));
    }
  }

  /**
   * Reads {@code 192.0.2.1/24} or {@code 2001:db8::1/64}; never asks the name service.
   *
   * @throws IllegalArgumentException with one line that says what is wrong
   */
  public static IpPrefix parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "\"%s\" is not an IP address with a prefix length, such as 192.0.2.1/24".formatted(text));
    }
    try {
      return new IpPrefix(InetAddress.ofLiteral(form.group(1)), Integer.parseInt(form.group(2)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("\"%s\": %s".formatted(text, e.getMessage()), e);
    }
  }

  public boolean isIpv4() {
    return address instanceof Inet4Address;
  }

  @Override
  public String toString() {
    return address.getHostAddress() + "/" + length;
  }
}
