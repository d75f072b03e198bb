package etherws.tunnel;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A header that an operator has a spoke send with its request. */
public record Header(String name, String value) {
  private static final Pattern FORM =
      Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \\t]*([\\x20-\\x7e\\t]*?)[ \\t]*");
  private static final String WEBSOCKET = "sec-websocket-";
  private static final Set<String> OURS =
      Set.of("host", "upgrade", "connection", "content-length", "transfer-encoding");
  private static final Set<String> SECRET = Set.of("authorization", "cookie");

  /**
   * Takes {@code NAME: VALUE} apart.
   *
   * @throws IllegalArgumentException with one line for the operator, without the value
   */
  public static Header parse(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      int colon = text.indexOf(':');
      String name = Fault.printable(colon <= 0 ? "this" : text.substring(0, colon));
      throw new IllegalArgumentException(
          name + " is no header: write NAME: VALUE, in ASCII and on one line");
    }
    Header header = new Header(parts.group(1), parts.group(2));
    String name = header.name.toLowerCase(Locale.ROOT);
    if (name.equals("proxy-authorization")) {
      throw new IllegalArgumentException(
          header.name + " is not for the server: give the user with the proxy");
    }
    if (OURS.contains(name) || name.startsWith(WEBSOCKET)) {
      throw new IllegalArgumentException(
          header.name
              + " is the handshake's own: "
              + (name.equals("host") ? "give host instead" : "leave it away"));
    }
    return header;
  }

  /** Whether it proves who we are, as a user and a password do. */
  public boolean isAuthorization() {
    return name.equalsIgnoreCase("authorization");
  }

  /** Whether its value is certainly not for everybody's eyes. */
  public boolean isSecret() {
    return SECRET.contains(name.toLowerCase(Locale.ROOT));
  }

  /** Without the value, which may be a secret. */
  @Override
  public String toString() {
    return name;
  }
}
