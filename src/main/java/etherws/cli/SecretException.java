package etherws.cli;

import java.io.IOException;

/** A password that could not be had, in one line for the operator. */
final class SecretException extends IOException {
  private static final long serialVersionUID = 1;

  SecretException(String message) {
    super(message);
  }
}
