package etherws.tunnel;

import etherws.tunnel.DialException.Kind;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Promise;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** CONNECT (RFC 9110, section 9.3.6), with Basic credentials if there are any. */
final class HttpProxyHandshake extends ProxyHandshake {
  private @Nullable HttpResponse answer;

  HttpProxyHandshake(Proxy proxy, InetSocketAddress hub, Promise<Void> done, Runnable through) {
    super(proxy, hub, done, through);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    ctx.pipeline().addBefore(ctx.name(), null, new HttpClientCodec());
    FullHttpRequest request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.CONNECT, hubText(), Unpooled.EMPTY_BUFFER);
    request
        .headers()
        .set(HttpHeaderNames.HOST, hubText())
        .set(HttpHeaderNames.USER_AGENT, "etherws");
    String user = proxy.user();
    if (user != null) {
      String credentials = SpokeHandshake.basic(user, proxy.password());
      request.headers().set(HttpHeaderNames.PROXY_AUTHORIZATION, credentials);
    }
    ctx.writeAndFlush(request).addListener(written -> failIf(ctx, written.cause()));
  }

  @Override
  void removeCodec(ChannelHandlerContext ctx) {
    ctx.pipeline().remove(HttpClientCodec.class);
  }

  /** Judges a refusal by its head: its body may be long, and may have no end. */
  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (message instanceof HttpResponse head) {
        answer = head;
      }
      HttpResponse head = answer;
      if (head == null || head.decoderResult().isFailure()) {
        fail(ctx, Kind.HANDSHAKE, "doesn't answer as an HTTP proxy does; is the port right?");
      } else if (!head.status().equals(HttpResponseStatus.OK)) {
        refused(ctx, head);
      } else if (message instanceof LastHttpContent) {
        connected(ctx);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void refused(ChannelHandlerContext ctx, HttpResponse head) {
    String status = Fault.printable(head.status().toString());
    switch (head.status().code()) {
      case 401, 407 -> { // 401 is tinyproxy's for a wrong password
        List<String> schemes = head.headers().getAll(HttpHeaderNames.PROXY_AUTHENTICATE);
        if (schemes.isEmpty() || schemes.stream().anyMatch(HttpProxyHandshake::isBasic)) {
          failAsUnknown(ctx);
        } else {
          String wanted = Fault.printable(schemes.getFirst().split("[ ,]", 2)[0]);
          fail(ctx, Kind.AUTHENTICATION, "wants " + wanted + " credentials; we know Basic alone");
        }
      }
      case 403 ->
          fail(
              ctx,
              Kind.AUTHENTICATION,
              "forbids %s (%s); many allow port 443 alone".formatted(hubText(), status));
      case 500, 502, 503, 504 ->
          fail(
              ctx,
              Kind.CONNECT,
              "can't connect to %s (%s); is the server running there?"
                  .formatted(hubText(), status));
      default ->
          fail(
              ctx,
              Kind.HANDSHAKE,
              "answered %s to CONNECT %s; is it a proxy?".formatted(status, hubText()));
    }
  }

  private static boolean isBasic(String challenge) {
    return challenge.toLowerCase(Locale.ROOT).contains("basic");
  }
}
