package etherws.tap;

import etherws.frame.MacAddress;
import etherws.linux.IpPrefix;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which TAP device to open, and how.
 *
 * @param device its name, or a pattern such as {@code ethws%d}: the first number that is free
 * @param mtu the longest payload of a frame, in octets
 * @param bridge the Linux bridge to join, which must exist; null for none
 * @param mac its address; null leaves the choice to the kernel
 * @param addresses IP addresses with their prefix lengths, {@code 192.0.2.1/24}
 * @param owner the user, by name or number, who may open the device, which then stays when we end;
 *     null makes it vanish with us
 * @param up a command and its arguments, run once the device is up; empty is none
 * @param down one that is run before it is closed
 */
public record TapSettings(
    String device,
    int mtu,
    @Nullable String bridge,
    @Nullable Long mac,
    List<String> addresses,
    @Nullable String owner,
    List<String> up,
    List<String> down) {
  /** What the kernel lets a TAP have: the least of IPv4, and 64 KiB less an Ethernet header. */
  private static final int MIN_MTU = 68;

  private static final int MAX_MTU = 65_521;

  /** IFNAMSIZ less the NUL. */
  private static final int MAX_NAME = 15;

  /** What the kernel forbids in a name is {@code / :} and blanks; a '%' starts a pattern. */
  private static final Pattern NAME = Pattern.compile("[!-~&&[^/:%]]+");

  public static final TapSettings DEFAULTS = new TapSettings("ethws%d", 1500, null);

  /** A device that is up, and no more. */
  public TapSettings(String device, int mtu, @Nullable String bridge) {
    this(device, mtu, bridge, null, List.of(), null, List.of(), List.of());
  }

  public TapSettings {
    checkName("device", device, device.replaceFirst("%d", "0"));
    if (mtu < MIN_MTU || mtu > MAX_MTU) {
      throw new IllegalArgumentException(
          "MTU %d is not within %d to %d".formatted(mtu, MIN_MTU, MAX_MTU));
    }
    if (bridge != null) {
      checkName("bridge", bridge, bridge);
    }
    if (mac != null && (mac <= 0 || mac >>> 48 != 0 || MacAddress.isGroup(mac))) {
      throw new IllegalArgumentException(
          "MAC address %s is not one that a device can have".formatted(MacAddress.format(mac)));
    }
    addresses.forEach(IpPrefix::parse);
    addresses = List.copyOf(addresses);
    up = List.copyOf(up);
    down = List.copyOf(down);
  }

  /** The same, of the name and address that a device has got: to make it again. */
  public TapSettings of(String device, long mac) {
    return new TapSettings(device, mtu, bridge, mac, addresses, owner, up, down);
  }

  private static void checkName(String what, String given, String name) {
    if (given.length() > MAX_NAME) {
      throw new IllegalArgumentException(
          "%s name \"%s\" is longer than %d characters".formatted(what, given, MAX_NAME));
    }
    if (!NAME.matcher(name).matches() || name.equals(".") || name.equals("..")) {
      throw new IllegalArgumentException(
          "%s name \"%s\" is not one that Linux accepts".formatted(what, given));
    }
  }
}
