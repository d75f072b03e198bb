package etherws.tap;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which TAP device to open, and how.
 *
 * @param device its name, or a pattern such as {@code ethws%d}: the first number that is free
 * @param mtu the longest payload of a frame, in octets
 * @param bridge the Linux bridge to join, which must exist; null for none
 */
public record TapSettings(String device, int mtu, @Nullable String bridge) {
  /** What the kernel lets a TAP have: the least of IPv4, and 64 KiB less an Ethernet header. */
  private static final int MIN_MTU = 68;

  private static final int MAX_MTU = 65_521;

  /** IFNAMSIZ less the NUL. */
  private static final int MAX_NAME = 15;

  /** What the kernel forbids in a name is {@code / :} and blanks; a '%' starts a pattern. */
  private static final Pattern NAME = Pattern.compile("[!-~&&[^/:%]]+");

  public static final TapSettings DEFAULTS = new TapSettings("ethws%d", 1500, null);

  public TapSettings {
    checkName("device", device, device.replaceFirst("%d", "0"));
    if (mtu < MIN_MTU || mtu > MAX_MTU) {
      throw new IllegalArgumentException(
          "MTU %d is not within %d to %d".formatted(mtu, MIN_MTU, MAX_MTU));
    }
    if (bridge != null) {
      checkName("bridge", bridge, bridge);
    }
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
