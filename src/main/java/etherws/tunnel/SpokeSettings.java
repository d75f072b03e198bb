package etherws.tunnel;

import org.jspecify.annotations.Nullable;

/**
 * How a spoke dials.
 *
 * @param user null sends no credentials
 * @param retry keep trying before the first success too
 * @param plainWire offer nothing but the plain wire
 */
public record SpokeSettings(
    TunnelUri uri,
    @Nullable String user,
    @Nullable String password,
    boolean retry,
    boolean plainWire) {

  /** Without the password. */
  @Override
  public String toString() {
    return uri + (user == null ? "" : " as " + user);
  }
}
