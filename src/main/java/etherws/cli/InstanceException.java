package etherws.cli;

/** A node runs that should not, or the other way round; one line for the operator. */
final class InstanceException extends Exception {
  private static final long serialVersionUID = 1;

  InstanceException(String message) {
    super(message);
  }
}
