package etherws.tunnel;

import etherws.tls.ClientTls;
import etherws.tls.TlsFailure;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Promise;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection on its way to a hub: waits for TCP, asks the proxy, waits for TLS, then lets the
 * handshake speak.
 */
final class Approach extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(Approach.class);

  /**
   * From the TCP connection to the 101, TLS and proxies included. A second more than a TLS
   * handshake has, which can tell more of what is wrong.
   */
  private static final int SECONDS = 11;

  private final Hop hop;
  private final @Nullable ClientTls tls;
  private final Function<Promise<Void>, SpokeHandshake> handshake;
  private final Promise<Void> done;
  private final Runnable again;
  private boolean atHub;

  /**
   * @param tls to the hub; null for ws
   * @param handshake makes the handler that speaks with the hub, and completes the promise
   * @param done fails with a {@link DialException}
   * @param again makes the same connection once more, with another TLS engine
   */
  Approach(
      Hop hop,
      @Nullable ClientTls tls,
      Function<Promise<Void>, SpokeHandshake> handshake,
      Promise<Void> done,
      Runnable again) {
    this.hop = hop;
    this.tls = tls;
    this.handshake = handshake;
    this.done = done;
    this.again = again;
    this.atHub = hop.proxy() == null;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    done.addListener(dialled -> {
      if (!dialled.isSuccess()) {
        ctx.channel().close();
      }
    });
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    limitTime(ctx.channel());
    Proxy proxy = hop.proxy();
    if (proxy == null) {
      secure(ctx);
      return;
    }
    ProxyHandshake question = ProxyHandshake.with(proxy, hop.hub(), done, () -> arrived(ctx));
    ClientTls proxyTls = hop.proxyTls();
    if (proxyTls == null) {
      ctx.pipeline().addLast(question);
    } else {
      shake(ctx, proxyTls, () -> ctx.pipeline().addLast(question));
    }
  }

  private void limitTime(Channel channel) {
    var deadline =
        channel.eventLoop().schedule(() -> done.tryFailure(late()), SECONDS, TimeUnit.SECONDS);
    channel.closeFuture().addListener(_ -> deadline.cancel(false));
    done.addListener(_ -> deadline.cancel(false));
  }

  private DialException late() {
    String took = hop.who() + " took the connection but didn't ";
    String what = hop.proxy() == null ? "answer" : "lead to an answer of the server";
    return new DialException(
        atHub ? DialException.Kind.HANDSHAKE : DialException.Kind.CONNECT,
        took + what + " within " + SECONDS + " s");
  }

  /** The proxy has connected us. */
  private void arrived(ChannelHandlerContext ctx) {
    atHub = true;
    log.debug("{} has connected us", hop.who());
    secure(ctx);
  }

  private void secure(ChannelHandlerContext ctx) {
    if (tls == null) {
      speak(ctx);
    } else {
      shake(ctx, tls, () -> speak(ctx));
    }
  }

  /** A TLS handshake, behind that with a proxy. */
  private void shake(ChannelHandlerContext ctx, ClientTls tls, Runnable next) {
    SslHandler handler = tls.newHandler(ctx.alloc());
    ctx.pipeline().addBefore(ctx.name(), null, handler);
    handler
        .handshakeFuture()
        .addListener(shaken -> {
          if (shaken.isSuccess()) {
            next.run();
          } else if (tls.fallBack(shaken.cause())) {
            ctx.close();
            again.run();
          } else {
            TlsFailure why = tls.explain(shaken.cause());
            done.tryFailure(new DialException(DialException.Kind.TLS, text(why)));
            ctx.close();
          }
        });
  }

  private String text(TlsFailure failure) {
    return atHub
        ? failure.text()
        : failure.reason() == TlsFailure.Reason.NOT_TLS
            ? hop.who() + " does not speak TLS; write http://"
            : hop.who() + ": " + failure.text();
  }

  private void speak(ChannelHandlerContext ctx) {
    ctx.pipeline().addLast(new HttpClientCodec(), handshake.apply(done));
    ctx.pipeline().remove(this);
  }

  /** TLS failures come here too; the handshake's future has told of them. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable problem) {
    Fault.describe(problem, log);
    ctx.close();
  }
}
