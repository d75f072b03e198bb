package etherws.node;

import etherws.bridge.PortPolicy;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who may join, and as what.
 *
 * @param htpasswd null asks nobody for a password
 * @param unlisted whether users without an entry in {@code named} may join, every network, by its
 *     policy for clients
 * @param named what is known of a user beside the password
 */
public record UsersSettings(@Nullable Path htpasswd, boolean unlisted, Map<String, User> named) {
  public static final UsersSettings ANYBODY = new UsersSettings(null, true, Map.of());

  /**
   * One user.
   *
   * @param networks the names of those the user may join, and the policy of the port there: the
   *     network's for clients with the user's own words over it
   * @param expires from when on the user may not join any more, and is thrown out; null is never
   */
  public record User(Map<String, PortPolicy> networks, @Nullable Instant expires) {}
}
