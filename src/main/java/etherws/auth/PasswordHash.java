package etherws.auth;

import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/** One user's password as the htpasswd file stores it. */
final class PasswordHash {
  private final HashScheme scheme;
  private final String text;
  private final String cost;

  private PasswordHash(HashScheme scheme, String text, String cost) {
    this.scheme = scheme;
    this.text = text;
    this.cost = cost;
  }

  /**
   * Null when {@code text} is no hash that htpasswd writes, or one that costs too much to check.
   */
  static @Nullable PasswordHash parse(String text) {
    for (HashScheme scheme : HashScheme.values()) {
      Matcher matcher = scheme.pattern().matcher(text);
      if (matcher.matches()) {
        return new PasswordHash(scheme, text, matcher.group("cost"));
      }
    }
    return null;
  }

  /** Slow, as it should be: for a thread of the authenticator's pool. */
  boolean matches(byte[] password) {
    return scheme.matches(text, password);
  }

  /** A hash that takes as long to check as this one, and that no password matches. */
  PasswordHash decoy() {
    Matcher matcher = scheme.pattern().matcher(text);
    if (!matcher.matches()) {
      throw new IllegalStateException("parse accepted another text");
    }
    int digest = matcher.start("digest");
    int end = matcher.end("digest");
    String blank = text.substring(0, digest) + ".".repeat(end - digest) + text.substring(end);
    return new PasswordHash(scheme, blank, cost);
  }

  HashScheme scheme() {
    return scheme;
  }

  /** Equal for hashes that take equally long to check. */
  String cost() {
    return cost;
  }

  /** The line's part after the colon. A secret. */
  String text() {
    return text;
  }

  @Override
  public String toString() {
    return scheme.name();
  }
}
