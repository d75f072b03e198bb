package etherws.websocket;

/** The session ends: the peer broke a rule or a limit. What to tell it in the close frame. */
public final class WebSocketException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int closeCode;

  public WebSocketException(int closeCode, String reason) {
    // No stack trace: it would tell where our code stood, not what the peer did, and strangers
    // would decide how many of them we collect.
    super(reason, null, false, false);
    this.closeCode = closeCode;
  }

  static WebSocketException protocolError(String reason) {
    return new WebSocketException(CloseCode.PROTOCOL_ERROR, reason);
  }

  public int closeCode() {
    return closeCode;
  }
}
