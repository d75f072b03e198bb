package etherws.tunnel;

import etherws.frame.EthernetFrame;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/** How frames lie in WebSocket messages; chosen in the opening handshake. */
enum Wire {
  /** One binary message is one frame. */
  PLAIN,

  /** One binary message is a batch of records; see {@link WireRecord}. */
  V2;

  /** Of {@link #V2}, in {@code Sec-WebSocket-Protocol}; the plain wire has no name. */
  static final String SUBPROTOCOL = "etherws.v2";

  /** Beside it: which session the client's hello is going to name. */
  static final String SESSION_HEADER = "Etherws-Session";

  /** What a client that dialled us will speak: the best it offers. */
  static Wire offeredIn(HttpHeaders request) {
    return request.containsValue(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, SUBPROTOCOL, false)
        ? V2
        : PLAIN;
  }

  /** What a server that answered with this sub-protocol speaks; null if it's none we offered. */
  static @Nullable Wire of(@Nullable String selected) {
    if (selected == null) {
      return PLAIN;
    }
    return selected.trim().equals(SUBPROTOCOL) ? V2 : null;
  }

  /** The most payload octets of a message that one side takes from the other. */
  int maxMessage() {
    return switch (this) {
      case PLAIN -> EthernetFrame.MAX_LENGTH;
      case V2 -> WireRecord.MAX_MESSAGE;
    };
  }
}
