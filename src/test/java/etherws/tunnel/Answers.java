package etherws.tunnel;

/** What servers answer, as their sources print it; {@code ACCEPT} stands for the right value. */
final class Answers {
  /** Tornado 2.2 to 3.1: the server of etherws 0.4, and websockproxy. */
  static final String TORNADO =
      """
      HTTP/1.1 101 Switching Protocols
      Upgrade: websocket
      Connection: Upgrade
      Sec-WebSocket-Accept: ACCEPT

      """;

  static final String V2 = TORNADO.replace("ACCEPT", "ACCEPT\nSec-WebSocket-Protocol: etherws.v2");

  static final String WSNIC =
      """
      HTTP/1.1 101 Switching Protocols
      Connection: Upgrade
      Upgrade: websocket
      Sec-WebSocket-Accept: ACCEPT

      """;

  /** vpn-ws answers through the web server before it. */
  static final String VPN_WS =
      """
      HTTP/1.1 101 Switching Protocols
      Server: nginx/1.4.6 (Ubuntu)
      Date: Tue, 03 Feb 2015 04:05:06 GMT
      Connection: upgrade
      Upgrade: websocket
      Sec-WebSocket-Accept: ACCEPT

      """;

  private Answers() {}
}
