package etherws.tunnel;

import etherws.auth.Authenticator;
import etherws.auth.Identity;
import etherws.metrics.RefusalCounters;
import etherws.tls.ServerTls;
import etherws.tunnel.Reception.Admission.Granted;
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
import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listening side: every peer that comes in becomes a session, a port of the bridge. */
public final class Hub {
  private static final Logger log = LoggerFactory.getLogger(Hub.class);
  static final int MAX_REQUEST_LINE = 4 * 1024;
  static final int MAX_HEADERS = 12 * 1024;

  private final HubSettings settings;
  private final Transport transport;
  private final Reception reception;
  private final @Nullable ServerTls tls;
  private final Supplier<@Nullable Authenticator> authenticator;
  private final LongSupplier nanoTime;
  private final RefusalCounters refusals;
  private final ChannelGroup listeners = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Map<Channel, Peer> peers = new ConcurrentHashMap<>();
  private volatile OriginPolicy origins;
  private volatile boolean stopping;

  /**
   * @param tls null listens for ws, not wss
   * @param authenticator asked for each link; null lets everybody in
   * @param refusals counts whom it lets not in
   */
  public Hub(
      HubSettings settings,
      Transport transport,
      Reception reception,
      @Nullable ServerTls tls,
      Supplier<@Nullable Authenticator> authenticator,
      RefusalCounters refusals,
      LongSupplier nanoTime) {
    this.settings = settings;
    this.transport = transport;
    this.reception = reception;
    this.tls = tls;
    this.authenticator = authenticator;
    this.refusals = refusals;
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

  /** Which web pages may connect from now on, beside those of the hub's own origin. */
  public void allow(Set<String> allowedOrigins) {
    origins = new OriginPolicy(allowedOrigins);
  }

  /** Where it listens, with the ports that the kernel has chosen for port 0. */
  List<InetSocketAddress> addresses() {
    return listeners.stream().map(c -> (InetSocketAddress) c.localAddress()).toList();
  }

  /** Ends as by {@link #leave}; returns when the links are gone, after 3 s at most. */
  public void stop() {
    leave().awaitUninterruptibly(3, TimeUnit.SECONDS);
  }

  /**
   * Stops accepting and closes every link with 1001. Peers that understand it are asked to come
   * back after a while, each after another, so that not all do at once.
   *
   * @return completes when all links are gone, as those of dead peers are after a second
   */
  public Future<Void> leave() {
    listeners.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
    stopping = true;
    ChannelGroup leaving = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    leaving.addAll(peers.keySet());
    Future<Void> gone = leaving.newCloseFuture();
    List<Peer> all = List.copyOf(peers.values());
    for (int i = 0; i < all.size(); i++) {
      all.get(i).dismiss(ReturnDelay.millis(i, all.size()));
    }
    return gone;
  }

  private Link enter(
      ChannelHandlerContext ctx,
      Caller caller,
      Granted granted,
      String path,
      @Nullable Identity identity,
      Wire wire,
      Quirks quirks) {
    InetSocketAddress address = caller.address();
    String name = (identity == null ? "" : identity.name() + "@") + text(address);
    PeerNetwork network = granted.network();
    Session session = new Session(name, owner(identity, name), network.bridge(), granted.policy());
    long since = nanoTime.getAsLong();
    Peer peer = new Peer(session, network, path, identity, address, wire, tlsOf(ctx), since);
    network.join(peer);
    peers.put(ctx.channel(), peer);
    ctx.executor().execute(() -> settled(peer));
    InetAddress proxy = caller.proxy();
    String way = proxy == null ? "" : " through the proxy " + proxy.getHostAddress();
    log.info("{} joined {}{}", name, network.name(), way);
    Link link =
        new Link(
            session,
            wire,
            quirks,
            false,
            WsWriter.unmasked(),
            nanoTime,
            cause -> left(ctx.channel(), peer, cause));
    link.onHello(hello -> network.greeted(peer, hello.session()));
    return link;
  }

  /** Its link stands: the rules may have changed, or the end have begun, since it was admitted. */
  private void settled(Peer peer) {
    if (stopping) {
      peer.dismiss(ReturnDelay.millis(0, 1));
    } else {
      peer.recheck(reception);
    }
  }

  private static @Nullable String tlsOf(ChannelHandlerContext ctx) {
    SslHandler handler = ctx.pipeline().get(SslHandler.class);
    if (handler == null) {
      return null;
    }
    SSLSession session = handler.engine().getSession();
    return session.getProtocol() + " " + session.getCipherSuite();
  }

  /** Whose addresses may move to a port at once: those of the same user's other ports. */
  private static String owner(@Nullable Identity identity, String name) {
    return identity == null ? name : "user " + identity.name();
  }

  private void left(Channel channel, Peer peer, String cause) {
    peer.left();
    peers.remove(channel);
    log.info(
        "{} left after {} s: {} ({} octets in, {} out)",
        peer.name(),
        TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong() - peer.sinceNanos()),
        cause,
        peer.session().counters().ingressOctets(),
        peer.session().counters().egressOctets());
  }

  /**
   * Asks the reception about every peer again: it stays, by a new policy perhaps, or ends with
   * 1008.
   */
  public void recheck() {
    peers.values().forEach(peer -> peer.recheck(reception));
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
      if (!(channel.remoteAddress() instanceof InetSocketAddress peer)) {
        channel.close(); // it has gone already, and left no address
        return;
      }
      Caller caller = new Caller(peer, settings.proxies());
      if (caller.owesProxyHeader()) {
        ProxyHeader.addTo(pipeline, caller, refusals);
      }
      boolean certified = tls != null && tls.asksForCertificates();
      if (tls != null) {
        pipeline.addLast(tls.newHandler(channel.alloc()));
      }
      pipeline.addLast(
          new HttpServerCodec(
              new HttpDecoderConfig()
                  .setMaxInitialLineLength(MAX_REQUEST_LINE)
                  .setMaxHeaderSize(MAX_HEADERS)
                  .setHeadersFactory(RequestHeaders.FACTORY)));
      pipeline.addLast(
          new HubHandshake(
              reception,
              origins,
              caller,
              certified,
              authenticator.get(),
              refusals,
              Hub.this::enter));
    }
  }
}
