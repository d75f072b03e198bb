package etherws.tunnel;

/** What clients send first, header by header in their order, as their sources print it. */
final class Requests {
  static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
  static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

  /** etherws 0.4 to 1.x, by websocket-client 0.7.0. */
  static final String OLD_ETHERWS =
      """
      GET / HTTP/1.1
      Upgrade: websocket
      Connection: Upgrade
      Host: HOST
      Origin: HOST
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
      Sec-WebSocket-Protocol: chat, superchat
      Sec-WebSocket-Version: 13

      """;

  /** vpn-ws, with a key of 10 octets. */
  static final String VPN_WS =
      """
      GET / HTTP/1.1
      Host: HOST
      Upgrade: websocket
      Connection: Upgrade
      Sec-WebSocket-Key: dnBud3N2cG53cw==
      X-vpn-ws-MAC: 02:00:00:00:00:0b
      X-vpn-ws-bridge: on

      """;

  static final String VPN_WS_ACCEPT = "OrTE1viZoRoUgouDvro6E3sNi4Y=";

  /** v86 and jor1k in a browser: the browser writes the request. */
  static final String BROWSER =
      """
      GET / HTTP/1.1
      Host: HOST
      Connection: keep-alive, Upgrade
      Pragma: no-cache
      Cache-Control: no-cache
      User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0
      Upgrade: websocket
      Origin: http://HOST
      Sec-WebSocket-Version: 13
      Accept-Encoding: gzip, deflate
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
      Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits

      """;

  private Requests() {}
}
