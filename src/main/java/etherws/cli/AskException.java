package etherws.cli;

/** A running node could not be asked, or refused; in one line for the operator. */
final class AskException extends Exception {
  private static final long serialVersionUID = 1;

  private final ExitStatus status;

  AskException(ExitStatus status, String message) {
    super(message);
    this.status = status;
  }

  ExitStatus status() {
    return status;
  }
}
