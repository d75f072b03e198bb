package etherws.auth;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** A user and the password that he says is his: HTTP Basic (RFC 7617) in UTF-8. */
final class Credentials {
  static final int MAX_HEADER_LENGTH = 4096;

  /** Twice what htpasswd accepts; SHA-crypt takes time in proportion. */
  static final int MAX_PASSWORD_LENGTH = 512;

  private static final String SCHEME = "Basic ";

  private final String user;
  private final byte[] password;

  Credentials(String user, byte[] password) {
    this.user = user;
    this.password = password;
  }

  /**
   * The credentials in the value of an {@code Authorization} header, or null when it holds none
   * that could be anybody's: another scheme, over 4 KiB, a password over 512 octets, bad base64
   * (only the padding may be missing), bad UTF-8, no colon, control characters. The first colon
   * ends the user.
   */
  static @Nullable Credentials parse(String header) {
    if (header.length() > MAX_HEADER_LENGTH
        || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return null;
    }
    String text;
    try {
      byte[] octets = Base64.getDecoder().decode(header.substring(SCHEME.length()).strip());
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
    } catch (IllegalArgumentException | CharacterCodingException e) {
      return null;
    }
    int colon = text.indexOf(':');
    if (colon < 0 || text.chars().anyMatch(Character::isISOControl)) {
      return null;
    }
    byte[] password = text.substring(colon + 1).getBytes(StandardCharsets.UTF_8);
    return password.length > MAX_PASSWORD_LENGTH
        ? null
        : new Credentials(text.substring(0, colon), password);
  }

  String user() {
    return user;
  }

  /** A copy of the password's octets, because some hash functions wipe what they are given. */
  byte[] password() {
    return Arrays.copyOf(password, password.length);
  }

  @Override
  public String toString() {
    return "Credentials[" + user + "]";
  }
}
