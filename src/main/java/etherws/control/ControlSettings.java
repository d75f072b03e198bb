package etherws.control;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a node can be asked.
 *
 * @param socket the UNIX socket, mode 0660; null opens none
 * @param group the group that may use it beside root and our own user; null is our own group
 * @param metrics a TCP address for /metrics, /healthz and /readyz; null is none
 * @param metricsToken a file with the bearer token that /metrics asks for there; null asks for none
 * @param ctl etherws 1.x's control port; null opens none
 */
public record ControlSettings(
    @Nullable Path socket,
    @Nullable String group,
    @Nullable InetSocketAddress metrics,
    @Nullable Path metricsToken,
    @Nullable CtlSettings ctl) {
  public static final ControlSettings NONE = new ControlSettings(null, null, null, null);

  /** Without etherws 1.x's control port. */
  public ControlSettings(
      @Nullable Path socket,
      @Nullable String group,
      @Nullable InetSocketAddress metrics,
      @Nullable Path metricsToken) {
    this(socket, group, metrics, metricsToken, null);
  }
}
