package etherws.tunnel;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The hosts that no proxy of the environment leads to, as curl reads {@code no_proxy}: {@code
 * example.com} and all under it, with or without a dot before it; addresses; {@code 192.0.2.0/24};
 * {@code *} for all. Names are not looked up. What is none of these covers nobody.
 */
record NoProxy(List<String> entries) {
  static final NoProxy NOBODY = new NoProxy(List.of());

  /** A proxy's own loopback is not ours. */
  private static final List<String> ALWAYS = List.of("localhost", "127.0.0.0/8", "::1");

  static NoProxy parse(String list) {
    List<String> entries = new ArrayList<>(ALWAYS);
    Arrays.stream(list.toLowerCase(Locale.ROOT).split("[,\\s]+", -1))
        .filter(entry -> !entry.isEmpty())
        .forEach(entries::add);
    return new NoProxy(List.copyOf(entries));
  }

  boolean covers(String host) {
    byte[] octets = NetUtil.createByteArrayFromIpAddressString(host);
    InetAddress address = octets == null ? null : Subnet.address(octets);
    String name = withoutLastDot(host.toLowerCase(Locale.ROOT));
    return entries.stream()
        .anyMatch(entry ->
            entry.equals("*") || (address == null ? isUnder(name, entry) : has(entry, address)));
  }

  private static boolean isUnder(String name, String entry) {
    String domain = withoutLastDot(entry.replaceFirst("^\\*?\\.", ""));
    return name.equals(domain) || name.endsWith("." + domain);
  }

  private static String withoutLastDot(String name) {
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }

  private static boolean has(String entry, InetAddress address) {
    try {
      return Subnet.around(entry.replaceAll("[\\[\\]]", "")).contains(address);
    } catch (IllegalArgumentException e) {
      return false; // a name, or nothing at all
    }
  }
}
