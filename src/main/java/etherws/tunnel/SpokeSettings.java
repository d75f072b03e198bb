package etherws.tunnel;

import org.jspecify.annotations.Nullable;

/**
 * How a spoke dials.
 *
 * @param user null sends no credentials
 * @param retry keep trying before the first success too
 * @param plainWire offer nothing but the plain wire
 * @param route how to get there
 */
public record SpokeSettings(
    TunnelUri uri,
    @Nullable String user,
    @Nullable String password,
    boolean retry,
    boolean plainWire,
    Route route) {
  /** One that dials directly. */
  public SpokeSettings(
      TunnelUri uri,
      @Nullable String user,
      @Nullable String password,
      boolean retry,
      boolean plainWire) {
    this(uri, user, password, retry, plainWire, Route.DIRECT);
  }

  /** Without the password. */
  @Override
  public String toString() {
    return uri + (user == null ? "" : " as " + user);
  }
}
