package etherws.control;

import org.jspecify.annotations.Nullable;

/** Answered with status 400. */
final class BadRequest extends Exception {
  private static final long serialVersionUID = 1;

  private final @Nullable String hint;

  BadRequest(String message, @Nullable String hint) {
    super(message);
    this.hint = hint;
  }

  @Nullable String hint() {
    return hint;
  }
}
