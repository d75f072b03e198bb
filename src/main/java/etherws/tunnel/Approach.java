package etherws.tunnel;

import etherws.tls.ClientTls;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Promise;
import java.time.Duration;
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

  /** From the TCP connection to the 101, TLS and proxies included. */
  private static final int HANDSHAKE_SECONDS = 10;

  private final Hop hop;
  private final @Nullable ClientTls tls;
  private final Duration connectTimeout;
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
      Duration connectTimeout,
      Function<Promise<Void>, SpokeHandshake> handshake,
      Promise<Void> done,
      Runnable again) {
    this.hop = hop;
    this.tls = tls;
    this.connectTimeout = connectTimeout;
    this.handshake = handshake;
    this.done = done;
    this.again = again;
    this.atHub = hop.proxy() == null;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    Channel channel = ctx.channel();
    var deadline =
        channel
            .eventLoop()
            .schedule(
                () -> {
                  done.tryFailure(late());
                  channel.close();
                },
                connectTimeout.toMillis() + HANDSHAKE_SECONDS * 1_000,
                TimeUnit.MILLISECONDS);
    channel.closeFuture().addListener(_ -> deadline.cancel(false));
    done.addListener(dialled -> {
      deadline.cancel(false);
      if (!dialled.isSuccess()) {
        channel.close();
      }
    });
  }

  private DialException late() {
    String seconds = " within " + HANDSHAKE_SECONDS + " s";
    return atHub
        ? new DialException(
            DialException.Kind.HANDSHAKE,
            "the server took the connection but didn't answer" + seconds)
        : new DialException(
            DialException.Kind.CONNECT,
            hop.who() + " took the connection but didn't connect us with the server" + seconds);
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (hop.proxy() == null) {
      secure(ctx);
    } else if (hop.proxyTls() == null) {
      ask(ctx, hop.proxy());
    } else {
      shake(ctx, hop.proxyTls(), () -> ask(ctx, hop.proxy()));
    }
  }

  private void ask(ChannelHandlerContext ctx, Proxy proxy) {
    Runnable through =
        () -> {
          atHub = true;
          log.debug("{} has connected us", hop.who());
          secure(ctx);
        };
    ctx.pipeline().addLast(ProxyHandshake.with(proxy, hop.hub(), done, through));
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
            String what = tls.explain(shaken.cause()).text();
            done.tryFailure(
                new DialException(
                    DialException.Kind.TLS, atHub ? what : hop.who() + ": " + what));
            ctx.close();
          }
        });
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
