package etherws.tunnel;

/** Why a spoke could not reach its hub, in one line for the operator. */
public final class DialException extends Exception {
  private static final long serialVersionUID = 1;

  /** What failed, as far as an exit status tells it apart. */
  public enum Kind {
    /** The name has no address. */
    RESOLVE,
    /** No TCP connection: refused, unreachable, timed out. */
    CONNECT,
    /** The certificate isn't to be trusted, or the server speaks no TLS that we accept. */
    TLS,
    /** User or password wrong or missing. */
    AUTHENTICATION,
    /** The server answered, but not as a WebSocket server does. */
    HANDSHAKE
  }

  private final Kind kind;

  DialException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
