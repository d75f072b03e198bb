package etherws.auth;

/**
 * Who a peer has proved to be.
 *
 * @param name the user as the htpasswd file or the certificate spells it; never empty, no control
 *     characters
 * @param credential changes when the user's password does, and says nothing of it; 0 for a
 *     certificate
 */
public record Identity(String name, int credential) {
  private static final int CERTIFIED = 0;

  /** One whom a certificate names. */
  public static Identity ofCertificate(String name) {
    return new Identity(name, CERTIFIED);
  }

  /** One whose password matched a stored hash, which is salted or weak beyond help. */
  static Identity ofPassword(String name, PasswordHash hash) {
    return new Identity(name, hash.text().hashCode() | 1);
  }

  /** Whether a certificate proved it, and no password. */
  public boolean isCertified() {
    return credential == CERTIFIED;
  }

  /** Without the credential. */
  @Override
  public String toString() {
    return name;
  }
}
