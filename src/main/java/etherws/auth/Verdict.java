package etherws.auth;

import java.time.Duration;

/** The answer to one attempt to come in. Only {@link Accepted} lets anybody in. */
public sealed interface Verdict {
  /** The password is right. */
  record Accepted(Identity identity) implements Verdict {}

  /** No credentials, unreadable ones, an unknown user or a wrong password: which, is not told. */
  record Denied() implements Verdict {}

  /**
   * This source has guessed wrong too often to be heard now; nothing was compared.
   *
   * @param retryAfter when it will be heard again
   */
  record TooMany(Duration retryAfter) implements Verdict {}

  /** More passwords are being checked than this machine can; nothing was compared. */
  record Busy() implements Verdict {}
}
