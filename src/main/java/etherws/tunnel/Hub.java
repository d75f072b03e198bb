package etherws.tunnel;

import etherws.auth.Authenticator;
import etherws.auth.Identity;
import etherws.bridge.Bridge;
import etherws.bridge.PortPolicy;
import etherws.tls.ServerTls;
import etherws.websocket.CloseCode;
import etherws.websocket.WsWriter;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listening side: every peer that comes in becomes a session, a port of the bridge. */
public final class Hub {
  private static final Logger log = LoggerFactory.getLogger(Hub.class);
  private static final int MAX_REQUEST_LINE = 4 * 1024;
  private static final int MAX_HEADERS = 12 * 1024;

  private final HubSettings settings;
  private final String path;
  private final Transport transport;
  private final Bridge bridge;
  private final @Nullable ServerTls tls;
  private final @Nullable Authenticator authenticator;
  private final LongSupplier nanoTime;
  private final OriginPolicy origins;
  private final ChannelGroup listeners = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final ChannelGroup peers = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private volatile boolean stopping;

  /**
   * @param tls null listens for ws, not wss
   * @param authenticator null lets everybody in
   */
  public Hub(
      HubSettings settings,
      String path,
      Transport transport,
      Bridge bridge,
      @Nullable ServerTls tls,
      @Nullable Authenticator authenticator,
      LongSupplier nanoTime) {
    this.settings = settings;
    this.path = path;
    this.transport = transport;
    this.bridge = bridge;
    this.tls = tls;
    this.authenticator = authenticator;
    this.nanoTime = nanoTime;
    this.origins = new OriginPolicy(settings.allowedOrigins());
  }

  /**
   * Binds every address, or none.
   *
   * @throws IOException with one line for the operator
   */
  public void start() throws IOException {
    for (InetSocketAddress address : settings.addresses()) {
      ChannelFuture bound =
          transport.server().childHandler(new Pipeline()).bind(address).awaitUninterruptibly();
      if (!bound.isSuccess()) {
        listeners.close().awaitUninterruptibly();
        throw new IOException(
            "cannot listen on %s: %s".formatted(text(address), bound.cause().getMessage()));
      }
      listeners.add(bound.channel());
      log.info("listening on {} ({})", text(address), tls == null ? "ws" : "wss");
    }
  }

  /** Where it listens, with the ports that the kernel has chosen for port 0. */
  List<InetSocketAddress> addresses() {
    return listeners.stream().map(c -> (InetSocketAddress) c.localAddress()).toList();
  }

  /**
   * Stops accepting and closes every link with 1001; returns when they are gone, after 3 s at most.
   */
  public void stop() {
    listeners.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
    stopping = true;
    for (Channel peer : peers) {
      peer.eventLoop().execute(() -> sayGoodbye(peer));
    }
    peers.newCloseFuture().awaitUninterruptibly(3, TimeUnit.SECONDS);
  }

  private static void sayGoodbye(Channel peer) {
    Link link = peer.pipeline().get(Link.class);
    if (link != null) {
      link.end(CloseCode.GOING_AWAY, "server is going away");
    }
  }

  private Link admit(
      ChannelHandlerContext ctx, @Nullable Identity identity, Wire wire, Quirks quirks) {
    InetSocketAddress address = (InetSocketAddress) ctx.channel().remoteAddress();
    String name = (identity == null ? "" : identity.name() + "@") + text(address);
    Session session = new Session(name, bridge, PortPolicy.CLIENT);
    long since = nanoTime.getAsLong();
    peers.add(ctx.channel());
    if (stopping) {
      ctx.executor().execute(() -> sayGoodbye(ctx.channel()));
    }
    log.info("{} joined", name);
    return new Link(
        session,
        wire,
        quirks,
        false,
        WsWriter.unmasked(),
        nanoTime,
        cause -> left(session, since, cause));
  }

  private void left(Session session, long since, String cause) {
    session.close();
    log.info(
        "{} left after {} s: {} ({} octets in, {} out)",
        session.name(),
        TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong() - since),
        cause,
        session.counters().ingressOctets(),
        session.counters().egressOctets());
  }

  /** {@code 192.0.2.1:80}, {@code [2001:db8::1]:443}, or {@code *:80} for all addresses. */
  static String text(InetSocketAddress address) {
    return address.getAddress().isAnyLocalAddress()
        ? "*:" + address.getPort()
        : NetUtil.toSocketAddressString(address);
  }

  private final class Pipeline extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      ChannelPipeline pipeline = channel.pipeline();
      if (tls != null) {
        pipeline.addLast(tls.newHandler(channel.alloc()));
      }
      pipeline.addLast(
          new HttpServerCodec(
              new HttpDecoderConfig()
                  .setMaxInitialLineLength(MAX_REQUEST_LINE)
                  .setMaxHeaderSize(MAX_HEADERS)));
      pipeline.addLast(new HubHandshake(path, origins, authenticator, Hub.this::admit));
    }
  }
}
