package etherws.node;

import etherws.auth.Identity;
import etherws.bridge.PortPolicy;
import etherws.tunnel.PeerNetwork;
import etherws.tunnel.Reception;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Who may join which network, and as what, by one reading of the settings. Never changes. */
final class Membership implements Reception {
  private static final Admission NO_SUCH_NETWORK = new Admission.NoSuchNetwork();
  private static final Admission UNKNOWN = new Admission.Forbidden("unknown user");
  private static final Admission EXPIRED = new Admission.Forbidden("the user has expired");
  private static final Admission ELSEWHERE = new Admission.Forbidden("not a network of this user");

  private final UsersSettings users;
  private final Map<String, Joined> networks;
  private final Predicate<Identity> vouched;
  private final InstantSource clock;

  /** A network and the policy for those who have none of their own. */
  record Joined(PeerNetwork network, PortPolicy clients) {}

  /**
   * @param networks by path, without a trailing slash
   * @param vouched whether the one who proved an identity once still stands for it
   */
  Membership(
      UsersSettings users,
      Map<String, Joined> networks,
      Predicate<Identity> vouched,
      InstantSource clock) {
    this.users = users;
    this.networks = Map.copyOf(networks);
    this.vouched = vouched;
    this.clock = clock;
  }

  @Override
  public Admission admit(String path, @Nullable Identity who) {
    Joined joined = networks.get(path);
    boolean asked = users.htpasswd() != null || !users.unlisted();
    if (who == null ? asked : !vouched.test(who)) {
      return UNKNOWN;
    }
    UsersSettings.User user = who == null ? null : users.named().get(who.name());
    if (who != null && user == null && !users.unlisted()) {
      return UNKNOWN;
    }
    if (user != null && user.expires() != null && !clock.instant().isBefore(user.expires())) {
      return EXPIRED;
    }
    if (joined == null) {
      return NO_SUCH_NETWORK;
    }
    PortPolicy policy =
        user == null ? joined.clients() : user.networks().get(joined.network().name());
    return policy == null ? ELSEWHERE : new Admission.Granted(joined.network(), policy);
  }
}
