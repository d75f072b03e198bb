package etherws.control;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a node can be asked, on a thread of its own. start and stop block and are not for event
 * loops.
 */
public final class ControlServer {
  private static final Logger log = LoggerFactory.getLogger(ControlServer.class);
  private static final int STOP_SECONDS = 1;

  private final ControlSettings settings;
  private final Snapshots snapshots;
  private final Commands commands;
  private final List<Route> api;
  private final List<Route> probes;
  private final EventLoopGroup loop;
  private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private @Nullable SocketFile file;

  public ControlServer(ControlSettings settings, Snapshots snapshots, Commands commands) {
    this(settings, snapshots, commands, InstantSource.system());
  }

  ControlServer(
      ControlSettings settings, Snapshots snapshots, Commands commands, InstantSource clock) {
    this.settings = settings;
    this.snapshots = snapshots;
    this.commands = commands;
    this.probes = new Health(snapshots).routes();
    this.api =
        Stream.concat(new Api(snapshots, commands, clock).routes().stream(), probes.stream())
            .toList();
    this.loop =
        new MultiThreadIoEventLoopGroup(
            1,
            new DefaultThreadFactory("control", true),
            Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
  }

  /**
   * Listens where the settings say.
   *
   * @throws IOException with one line for the operator; nothing stays behind
   */
  public void start() throws IOException {
    try {
      if (settings.socket() != null) {
        openSocket(settings.socket());
      }
      if (settings.metrics() != null) {
        openMetrics();
      }
    } catch (IOException e) {
      stop();
      throw e;
    }
  }

  private void openSocket(Path path) throws IOException {
    SocketFile prepared = SocketFile.prepare(path, settings.group());
    Class<? extends ServerChannel> type =
        Epoll.isAvailable()
            ? EpollServerDomainSocketChannel.class
            : NioServerDomainSocketChannel.class;
    SocketAddress address =
        Epoll.isAvailable()
            ? new DomainSocketAddress(prepared.toBind().toString())
            : UnixDomainSocketAddress.of(prepared.toBind());
    try {
      bind(type, address, api, Gate.open(), null, "the control socket " + path);
      prepared.publish();
    } finally {
      prepared.clean();
    }
    file = prepared;
    log.info("control socket {}", path);
  }

  private void openMetrics() throws IOException {
    SocketAddress address = settings.metrics();
    Gate gate = Gate.forMetrics(settings.metricsToken());
    Channel listener = bind(tcp(), address, probes, gate, null, "the metrics address " + address);
    log.info("metrics at {}", listener.localAddress());
  }

  private Channel bind(
      Class<? extends ServerChannel> type,
      @Nullable SocketAddress address,
      List<Route> routes,
      Gate gate,
      @Nullable SslContext tls,
      String what)
      throws IOException {
    var bound =
        new ServerBootstrap()
            .group(loop)
            .channel(type)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    accept(channel, routes, gate, tls);
                  }
                })
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      Throwable cause = bound.cause();
      throw new IOException("cannot open " + what + ": " + cause.getMessage(), cause);
    }
    channels.add(bound.channel());
    return bound.channel();
  }

  private void accept(Channel channel, List<Route> routes, Gate gate, @Nullable SslContext tls) {
    channels.add(channel);
    if (tls != null) {
      channel.pipeline().addLast(tls.newHandler(channel.alloc()));
    }
    channel
        .pipeline()
        .addLast(new Patience())
        .addLast(new HttpServerCodec())
        .addLast(new RequestBodies())
        .addLast(new Exchange(routes, gate));
  }

  /**
   * Listens for etherws 1.x's {@code ctl} too.
   *
   * @param tls for https; null is http
   * @param login null asks nobody for a password
   * @throws IOException with one line for the operator
   */
  public void openCtl(
      CtlSettings ctl, DynamicPorts ports, @Nullable SslContext tls, @Nullable Login login)
      throws IOException {
    JsonRpc calls = new JsonRpc(new CtlMethods(ctl.network(), snapshots, commands, ports));
    List<Route> routes = List.of(new Route(HttpMethod.POST, ctl.path(), calls::answer));
    bind(
        tcp(), ctl.address(), routes, new CtlGate(login), tls, "the control port " + ctl.address());
    log.info("control port of etherws 1.x at {}{}", ctl.address(), ctl.path());
  }

  private static Class<? extends ServerChannel> tcp() {
    return Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  /** Where something listens on TCP, for tests that let the system choose. */
  public @Nullable SocketAddress tcpAddress() {
    return channels.stream()
        .filter(ServerChannel.class::isInstance)
        .map(Channel::localAddress)
        .filter(InetSocketAddress.class::isInstance)
        .findFirst()
        .orElse(null);
  }

  /** Ends all connections and removes the socket; within 2 s. Idempotent. */
  public void stop() {
    channels.close().awaitUninterruptibly(STOP_SECONDS, TimeUnit.SECONDS);
    loop.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
    if (file != null) {
      try {
        file.delete();
      } catch (IOException e) {
        log.warn("the control socket stays behind: {}", e.getMessage());
      }
      file = null;
    }
  }
}
