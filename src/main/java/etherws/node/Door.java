package etherws.node;

import etherws.auth.Authenticator;
import etherws.auth.Htpasswd;
import etherws.auth.HtpasswdException;
import etherws.auth.Identity;
import etherws.tunnel.Reception;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who may come in by any of the node's hubs: the passwords and the rules of now.
 *
 * <p>admit is for any thread; the rest blocks, and the thread that starts and reloads calls it.
 */
final class Door implements Reception {
  private final SecureRandom random;
  private volatile Membership rules =
      new Membership(UsersSettings.ANYBODY, Map.of(), _ -> true, InstantSource.system());
  private volatile @Nullable Authenticator authenticator;
  private volatile @Nullable Htpasswd htpasswd;
  private @Nullable Path file;
  private int readings;
  private volatile boolean someExpire;

  Door(SecureRandom random) {
    this.random = random;
  }

  /** Reads the htpasswd file of new settings, or again that of the old ones. */
  void passwords(@Nullable Path wanted) throws HtpasswdException {
    Htpasswd current = htpasswd;
    if (current != null && wanted != null && wanted.equals(file)) {
      current.reload(); // what is broken is logged, and the old users stay
      return;
    }
    Htpasswd read = wanted == null ? null : Htpasswd.load(wanted);
    Authenticator before = authenticator;
    authenticator =
        read == null
            ? null
            : new Authenticator(read, random, System::nanoTime, Niceness.atEase("auth-"));
    htpasswd = read;
    file = wanted;
    if (before != null) {
      before.close();
    }
  }

  void rules(UsersSettings users, Map<String, Membership.Joined> networks) {
    rules = new Membership(users, networks, this::vouched, InstantSource.system());
    someExpire = users.named().values().stream().anyMatch(user -> user.expires() != null);
  }

  /** Whether peers that are in had better be looked at again: the file has changed, time passes. */
  boolean hasChanged() {
    Htpasswd current = htpasswd;
    int before = readings;
    readings = current == null ? 0 : current.readings();
    return readings != before || someExpire;
  }

  /** Null asks nobody for a password. */
  @Nullable Authenticator authenticator() {
    return authenticator;
  }

  @Override
  public Admission admit(String path, @Nullable Identity who) {
    return rules.admit(path, who);
  }

  /** A certificate was judged by TLS, and has no line in the file. */
  private boolean vouched(Identity who) {
    Htpasswd current = htpasswd;
    return who.isCertified() || (current != null && current.vouchesFor(who));
  }

  void close() {
    Authenticator current = authenticator;
    if (current != null) {
      current.close();
    }
  }
}
