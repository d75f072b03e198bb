package etherws.tls;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * A public key by its fingerprint: SHA-256 of the SubjectPublicKeyInfo, as in RFC 7469.
 *
 * @param sha256 in base64
 */
public record Pin(String sha256) {
  private static final String START = "sha256:";
  private static final Pattern FORM = Pattern.compile("sha256:([A-Za-z0-9+/]{43}=)");

  /**
   * Reads {@code sha256:BASE64}.
   *
   * @throws IllegalArgumentException with one line for the operator
   */
  public static Pin parse(String text) {
    var parts = FORM.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          CertificateNames.printable(text)
              + " is no pin: write sha256: and the 44 characters of base64");
    }
    return new Pin(parts.group(1));
  }

  static Pin of(X509Certificate certificate) {
    try {
      byte[] key = certificate.getPublicKey().getEncoded();
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(key);
      return new Pin(Base64.getEncoder().encodeToString(hash));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return START + sha256;
  }
}
