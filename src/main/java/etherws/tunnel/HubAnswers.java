package etherws.tunnel;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Duration;

/** What a hub answers to an opening handshake, to the letter. */
final class HubAnswers {
  /** The words of etherws 0.4. */
  private static final HttpResponseStatus AUTHORIZATION_REQUIRED =
      new HttpResponseStatus(401, "Authorization Required");

  private HubAnswers() {}

  /** Old clients want the first two values exactly so. */
  static FullHttpResponse accept(HttpHeaders request, Wire wire) {
    String accept = WebSocketKey.accept(request.get(HttpHeaderNames.SEC_WEBSOCKET_KEY, ""));
    FullHttpResponse response = empty(HttpResponseStatus.SWITCHING_PROTOCOLS);
    response
        .headers()
        .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
        .set(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT, accept);
    if (wire == Wire.V2) {
      response.headers().set(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, Wire.SUBPROTOCOL);
    }
    return response;
  }

  static FullHttpResponse refusal(HttpResponseStatus status) {
    FullHttpResponse response = empty(status);
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_LENGTH, 0)
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    return response;
  }

  static FullHttpResponse whoAreYou() {
    FullHttpResponse response = refusal(AUTHORIZATION_REQUIRED);
    response.headers().set(HttpHeaderNames.WWW_AUTHENTICATE, "Basic realm=\"etherws\"");
    return response;
  }

  static FullHttpResponse tooMany(Duration retryAfter) {
    FullHttpResponse response = refusal(HttpResponseStatus.TOO_MANY_REQUESTS);
    response.headers().set(HttpHeaderNames.RETRY_AFTER, retryAfter.toSeconds() + 1);
    return response;
  }

  static FullHttpResponse onlyGet() {
    FullHttpResponse response = refusal(HttpResponseStatus.METHOD_NOT_ALLOWED);
    response.headers().set(HttpHeaderNames.ALLOW, HttpMethod.GET);
    return response;
  }

  static FullHttpResponse onlyWebSocket() {
    FullHttpResponse response = refusal(HttpResponseStatus.UPGRADE_REQUIRED);
    response
        .headers()
        .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
        .set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, "13");
    return response;
  }

  private static FullHttpResponse empty(HttpResponseStatus status) {
    return new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.EMPTY_BUFFER);
  }
}
