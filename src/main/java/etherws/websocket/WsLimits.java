package etherws.websocket;

/**
 * What a peer may send, checked before anything is allocated for it.
 *
 * @param maxMessage the most payload octets of one message, all its fragments together
 * @param maxFragments the most WS frames one message may come in; 1 refuses fragmentation
 */
public record WsLimits(int maxMessage, int maxFragments) {
  public WsLimits {
    if (maxMessage < 1 || maxFragments < 1) {
      throw new IllegalArgumentException("not positive: " + maxMessage + ", " + maxFragments);
    }
  }
}
