package etherws.tunnel;

import etherws.auth.Identity;
import etherws.bridge.PortPolicy;
import org.jspecify.annotations.Nullable;

/** Decides which network a peer joins, and as what. Asked again when the rules have changed. */
@FunctionalInterface
public interface Reception {
  /**
   * Never blocks; any thread.
   *
   * @param path of the request, without query and trailing slash: empty for the root
   * @param who null for a peer that nobody asked
   */
  Admission admit(String path, @Nullable Identity who);

  /** The answer. */
  sealed interface Admission {
    /** It joins {@code network} by {@code policy}. */
    record Granted(PeerNetwork network, PortPolicy policy) implements Admission {}

    /** No network has this path. */
    record NoSuchNetwork() implements Admission {}

    /** The network is not for this peer. */
    record Forbidden(String reason) implements Admission {}
  }
}
