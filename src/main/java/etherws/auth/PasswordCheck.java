package etherws.auth;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Compares credentials with the htpasswd file. Blocks: it touches the disk and hashes. */
final class PasswordCheck {
  /** The slow step: {@link PasswordHash#matches}. */
  interface Verifier {
    boolean matches(PasswordHash hash, byte[] password);
  }

  private final Htpasswd htpasswd;
  private final Proofs proofs;
  private final Verifier verifier;

  PasswordCheck(Htpasswd htpasswd, Proofs proofs, Verifier verifier) {
    this.htpasswd = htpasswd;
    this.proofs = proofs;
    this.verifier = verifier;
  }

  /** Null when the password is wrong or the user unknown; both take the same steps. */
  @Nullable Identity identify(Credentials credentials) {
    Users users = htpasswd.users();
    PasswordHash stored = users.hash(credentials.user());
    PasswordHash decoy = users.decoy(proofs.lot(credentials.user()));
    PasswordHash hash = stored != null ? stored : decoy;
    if (hash == null) {
      return null;
    }
    ByteBuffer proof = proofs.proof(credentials.user(), hash, credentials.password());
    boolean known = proofs.isKnown(proof);
    boolean matches = known || verifier.matches(hash, credentials.password());
    if (stored == null || !matches) {
      return null;
    }
    proofs.remember(proof);
    return Identity.ofPassword(credentials.user(), stored);
  }
}
