package etherws.tunnel;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;

/**
 * What a peer needs beyond RFC 6455, read once from its handshake. Every special case for a program
 * we must work with is decided here and nowhere else.
 *
 * @param oneMessagePerRecord etherws 0.6 to 1.x clients read one message per readiness event, and
 *     stall when a TLS record brings several
 * @param holdBack vpn-ws clients lose what arrives together with the 101: nothing is sent until
 *     their first message, or {@link #HOLD_BACK_MILLIS}
 * @param answerTextPing the text {@code ping:x} is answered by {@code pong:x}, jor1k's keepalive; a
 *     server never gets text from us, because etherws 0.4 writes it to its TAP
 * @param echoes websockproxy sends group-addressed frames back to whom they came from
 */
record Quirks(
    boolean oneMessagePerRecord, boolean holdBack, boolean answerTextPing, boolean echoes) {
  static final int HOLD_BACK_MILLIS = 200;

  private static final String VPN_WS_MAC = "X-vpn-ws-MAC";
  private static final String VPN_WS_BRIDGE = "X-vpn-ws-bridge";

  /** A client that dialled us, by its request. */
  static Quirks ofClient(HttpHeaders request) {
    return new Quirks(isOldEtherws(request), request.contains(VPN_WS_MAC), true, false);
  }

  /** A peer that speaks {@link Wire#V2}. */
  static Quirks none() {
    return new Quirks(false, false, false, false);
  }

  /** A server that we dialled and that speaks the plain wire. It can't be told apart further. */
  static Quirks ofPlainServer() {
    return new Quirks(false, false, false, true);
  }

  /**
   * What a vpn-ws server wants in our request: a MAC address, of which it looks at no more than the
   * 17 characters, and leave to send from others too. Other servers ignore both.
   */
  static void addTo(HttpHeaders request, String mac) {
    request.set(VPN_WS_MAC, mac).set(VPN_WS_BRIDGE, "on");
  }

  /**
   * Clients up to 1.x (websocket-client 0.7): a bare host as origin, and always these protocols.
   */
  private static boolean isOldEtherws(HttpHeaders request) {
    String origin = request.get(HttpHeaderNames.ORIGIN, "");
    return !origin.isEmpty()
        && !origin.contains("://")
        && request.get(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, "").equals("chat, superchat");
  }
}
