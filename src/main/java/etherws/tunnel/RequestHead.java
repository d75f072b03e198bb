package etherws.tunnel;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is wrong with a request whatever it asks for. */
final class RequestHead {
  /**
   * Two of them would mean one thing to us and another to a proxy before us (RFC 9112 section 3.2,
   * RFC 6455 section 11.3).
   */
  private static final List<CharSequence> ONCE =
      List.of(
          HttpHeaderNames.HOST,
          HttpHeaderNames.ORIGIN,
          HttpHeaderNames.AUTHORIZATION,
          HttpHeaderNames.SEC_WEBSOCKET_KEY,
          HttpHeaderNames.SEC_WEBSOCKET_VERSION);

  private RequestHead() {}

  /** Null for a head that makes sense; a body is never part of one that does. */
  static @Nullable HttpResponseStatus refusal(HttpRequest head) {
    if (head.decoderResult().isFailure()) {
      return switch (head.decoderResult().cause()) {
        case TooLongHttpLineException _ -> HttpResponseStatus.REQUEST_URI_TOO_LONG;
        case TooLongHttpHeaderException _ -> HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE;
        default -> HttpResponseStatus.BAD_REQUEST;
      };
    }
    HttpHeaders headers = head.headers();
    boolean twice = ONCE.stream().anyMatch(name -> headers.getAll(name).size() > 1);
    return twice || hasBody(headers) ? HttpResponseStatus.BAD_REQUEST : null;
  }

  private static boolean hasBody(HttpHeaders headers) {
    return headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
        || !headers.get(HttpHeaderNames.CONTENT_LENGTH, "0").equals("0");
  }
}
