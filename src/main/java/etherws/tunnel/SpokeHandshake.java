package etherws.tunnel;

import etherws.tls.ClientTls;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Promise;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The spoke's side of one opening handshake, on a channel that is connected and whose TLS, if any,
 * has verified the server: only then does anything go out.
 */
final class SpokeHandshake extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(SpokeHandshake.class);

  private final SpokeSettings settings;
  private final @Nullable ClientTls tls;
  private final String key;
  private final SpokeIds ids;
  private final Promise<Void> done;
  private final Function<Wire, Link> link;
  private @Nullable HttpResponse response;

  /**
   * @param key the nonce of RFC 6455 section 4.1, in base64
   * @param done fails with a {@link DialException}
   * @param tls null for ws
   * @param link called when the server has accepted, with the wire it has chosen
   */
  SpokeHandshake(
      SpokeSettings settings,
      @Nullable ClientTls tls,
      String key,
      SpokeIds ids,
      Promise<Void> done,
      Function<Wire, Link> link) {
    this.settings = settings;
    this.tls = tls;
    this.key = key;
    this.ids = ids;
    this.done = done;
    this.link = link;
  }

  /** Sends the request. */
  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    DefaultFullHttpRequest request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.GET, settings.uri().target(), Unpooled.EMPTY_BUFFER);
    HttpHeaders headers =
        request
            .headers()
            .set(HttpHeaderNames.HOST, host())
            .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
            .set(HttpHeaderNames.CONNECTION, "Upgrade")
            .set(HttpHeaderNames.SEC_WEBSOCKET_KEY, key)
            .set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, "13")
            .set(HttpHeaderNames.USER_AGENT, "etherws");
    if (settings.user() != null) {
      headers.set(HttpHeaderNames.AUTHORIZATION, basic(settings.user(), settings.password()));
    }
    if (!settings.plainWire()) {
      headers.set(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, Wire.SUBPROTOCOL);
      headers.set(Wire.SESSION_HEADER, ids.session());
    }
    Quirks.addTo(headers, ids.mac());
    addGiven(headers);
    ctx.writeAndFlush(request).addListener(f -> failIf(ctx, f.cause()));
  }

  private String host() {
    String given = settings.route().host();
    return given == null ? settings.uri().hostHeader() : given;
  }

  /** Those of the operator, instead of ours of the same name. */
  private void addGiven(HttpHeaders headers) {
    List<Header> given = settings.route().headers();
    given.forEach(header -> headers.remove(header.name()));
    given.forEach(header -> headers.add(header.name(), header.value()));
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!(message instanceof HttpObject)) {
      ctx.fireChannelRead(message);
      return;
    }
    try {
      if (message instanceof HttpResponse head) {
        response = head;
      }
      if (message instanceof LastHttpContent || !isAccepting(response)) {
        judge(ctx); // of an acceptance only when the decoder has come to its end
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void judge(ChannelHandlerContext ctx) {
    if (done.isDone()) {
      ctx.close(); // whoever waited has given up
      return;
    }
    if (response == null || response.decoderResult().isFailure()) {
      fail(ctx, DialException.Kind.HANDSHAKE, "the server doesn't speak HTTP; is the port right?");
    } else if (!isSwitching(response)) {
      refused(ctx, response);
    } else if (!accepts(response.headers())) {
      fail(
          ctx,
          DialException.Kind.HANDSHAKE,
          "the server switched protocols, but not to our WebSocket handshake");
    } else {
      begin(ctx, response.headers().get(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL));
    }
  }

  private void begin(ChannelHandlerContext ctx, @Nullable String selected) {
    Wire wire = Wire.of(selected);
    if (wire == null || (wire == Wire.V2 && settings.plainWire())) {
      fail(
          ctx,
          DialException.Kind.HANDSHAKE,
          "the server chose the sub-protocol "
              + Fault.printable(String.valueOf(selected))
              + ", which we didn't offer");
      return;
    }
    ctx.pipeline().addLast(link.apply(wire));
    ctx.pipeline().remove(HttpClientCodec.class);
    ctx.pipeline().remove(this);
    done.setSuccess(null);
  }

  private boolean isAccepting(@Nullable HttpResponse response) {
    return response != null && isSwitching(response) && accepts(response.headers());
  }

  private boolean accepts(HttpHeaders headers) {
    return headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
        && headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
        && WebSocketKey.accept(key)
            .equals(headers.get(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT, "").trim());
  }

  private void refused(ChannelHandlerContext ctx, HttpResponse answer) {
    HttpResponseStatus status = answer.status();
    switch (status.code()) {
      case 401 ->
          fail(
              ctx,
              DialException.Kind.AUTHENTICATION,
              settings.user() == null
                  ? "the server wants a user and a password; give --user"
                  : "wrong user or password");
      case 403 -> fail(ctx, DialException.Kind.AUTHENTICATION, "the server forbids it (403)");
      case 404 ->
          fail(
              ctx,
              DialException.Kind.HANDSHAKE,
              "there is no network at path " + settings.uri().target() + " (404)");
      case 429 ->
          fail(
              ctx,
              DialException.Kind.AUTHENTICATION,
              "too many wrong passwords from here; try again in "
                  + Fault.printable(answer.headers().get(HttpHeaderNames.RETRY_AFTER, "60"))
                  + " s");
      case 301, 302, 303, 307, 308 ->
          fail(
              ctx,
              DialException.Kind.HANDSHAKE,
              "the server has moved to "
                  + Fault.printable(answer.headers().get(HttpHeaderNames.LOCATION, "nowhere"))
                  + "; dial that");
      default ->
          fail(
              ctx,
              DialException.Kind.HANDSHAKE,
              "the server answered "
                  + Fault.printable(status.toString())
                  + " where 101 Switching Protocols is due");
    }
  }

  private static boolean isSwitching(HttpResponse response) {
    return response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    fail(
        ctx,
        DialException.Kind.HANDSHAKE,
        "the server closed the connection before it answered"
            + (settings.uri().tls() ? "" : "; does it want wss://?"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable problem) {
    failIf(ctx, problem);
  }

  private void failIf(ChannelHandlerContext ctx, @Nullable Throwable problem) {
    if (problem != null) {
      if (tls != null && isTls(problem)) { // a server may judge our certificate after its own part
        fail(ctx, DialException.Kind.TLS, tls.explain(problem).text());
      } else {
        fail(ctx, DialException.Kind.HANDSHAKE, Fault.describe(problem, log));
      }
    }
  }

  private static boolean isTls(@Nullable Throwable problem) {
    return problem instanceof SSLException || (problem != null && isTls(problem.getCause()));
  }

  private void fail(ChannelHandlerContext ctx, DialException.Kind kind, String message) {
    done.tryFailure(new DialException(kind, message));
    ctx.close();
  }

  /** Credentials as HTTP's Basic scheme has them. */
  static String basic(String user, @Nullable String password) {
    String pair = user + ":" + (password == null ? "" : password);
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }
}
