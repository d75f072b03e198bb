package etherws.tunnel;

import etherws.tunnel.DialException.Kind;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Promise;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a proxy for a connection to a hub, on a channel that is connected with it; then it removes
 * itself and its codec, and the channel is as one to the hub. Or says in one line why not.
 */
abstract class ProxyHandshake extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(ProxyHandshake.class);

  final Proxy proxy;
  final InetSocketAddress hub;
  private final Promise<Void> done;
  private final Runnable through;

  /**
   * @param hub unresolved if the proxy is to look its name up
   * @param done fails with a {@link DialException}; otherwise left to others
   * @param through called when the proxy has connected us
   */
  ProxyHandshake(Proxy proxy, InetSocketAddress hub, Promise<Void> done, Runnable through) {
    this.proxy = proxy;
    this.hub = hub;
    this.done = done;
    this.through = through;
  }

  static ProxyHandshake with(
      Proxy proxy, InetSocketAddress hub, Promise<Void> done, Runnable through) {
    return switch (proxy.kind()) {
      case HTTP, HTTPS -> new HttpProxyHandshake(proxy, hub, done, through);
      case SOCKS5, SOCKS5H -> new SocksHandshake(proxy, hub, done, through);
    };
  }

  /** Takes out of the pipeline what the subclass has put into it beside itself. */
  abstract void removeCodec(ChannelHandlerContext ctx);

  final void connected(ChannelHandlerContext ctx) {
    removeCodec(ctx);
    ctx.pipeline().remove(this);
    if (done.isDone()) {
      ctx.close(); // whoever waited has given up
    } else {
      through.run();
    }
  }

  /**
   * Ends it.
   *
   * @param what follows "the proxy URL "
   */
  final void fail(ChannelHandlerContext ctx, Kind kind, String what) {
    done.tryFailure(new DialException(kind, "the proxy " + proxy + " " + what));
    ctx.close();
  }

  final void failAsUnknown(ChannelHandlerContext ctx) {
    String what =
        proxy.user() == null
            ? "wants a user and a password; write " + proxy.withUser()
            : "refuses this user or password";
    fail(ctx, Kind.AUTHENTICATION, what);
  }

  final void failIf(ChannelHandlerContext ctx, @Nullable Throwable problem) {
    if (problem != null) {
      fail(ctx, Kind.HANDSHAKE, "failed: " + Fault.describe(problem, log));
    }
  }

  /** For messages and for CONNECT. */
  final String hubText() {
    return NetUtil.toSocketAddressString(hub);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    fail(
        ctx,
        Kind.HANDSHAKE,
        "closed the connection before it answered; does it speak " + proxy.kind().scheme() + "?");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable problem) {
    failIf(ctx, problem);
  }
}
