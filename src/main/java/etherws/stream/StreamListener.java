package etherws.stream;

import etherws.bridge.Attachment;
import etherws.bridge.Bridge;
import etherws.bridge.PortPolicy;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes connections at an address; each is a port of the bridge as long as it lasts. */
public final class StreamListener {
  private static final Logger log = LoggerFactory.getLogger(StreamListener.class);

  /** Nobody asks them who they are; more than any host has guests. */
  private static final int MAX_CONNECTIONS = 256;

  private static final long STOP_SECONDS = 2;

  private final StreamSettings settings;
  private final IoEventLoopGroup loops;
  private final Bridge bridge;
  private final @Nullable ListenerFile file;
  private final AtomicInteger connections = new AtomicInteger();
  private final Set<StreamPort> ports = ConcurrentHashMap.newKeySet();
  private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private volatile PortPolicy policy;
  private volatile boolean stopping;
  private @Nullable Channel listening;

  /**
   * @param loops share the connections; their kind decides on that of the sockets
   * @param policy of every port
   */
  public StreamListener(
      StreamSettings settings, IoEventLoopGroup loops, Bridge bridge, PortPolicy policy) {
    this.settings = settings;
    this.loops = loops;
    this.bridge = bridge;
    this.policy = policy;
    this.file =
        settings.address() instanceof UnixDomainSocketAddress unix ? new ListenerFile(unix) : null;
  }

  /**
   * Binds.
   *
   * @throws IOException with one line for the operator
   */
  public void start() throws IOException {
    try {
      if (file != null) {
        file.makeWay();
      }
      ChannelFuture bound =
          Sockets.server(loops, settings.address())
              .childHandler(new Connection())
              .bind(Sockets.local(loops, settings.address()))
              .awaitUninterruptibly();
      if (!bound.isSuccess()) {
        throw new IOException(bound.cause().getMessage(), bound.cause());
      }
      listening = bound.channel();
      if (file != null) {
        file.restrict();
      }
    } catch (IOException e) {
      stop();
      throw new IOException("cannot listen on %s: %s".formatted(text(), e.getMessage()), e);
    }
    log.info("listening on {} (stream)", text());
  }

  private String text() {
    return Sockets.text(settings.address());
  }

  /** Where it listens, with the port that the kernel has chosen for port 0. */
  SocketAddress address() {
    return listening == null ? settings.address() : listening.localAddress();
  }

  /** Changes what all its ports may do, those to come as well. Any thread. */
  public void policy(PortPolicy policy) {
    this.policy = policy;
    ports.forEach(port -> port.attachment().policy(policy));
  }

  /** The ports of now. */
  public List<Attachment> attachments() {
    return ports.stream().map(StreamPort::attachment).toList();
  }

  /** Stops listening, removes the socket's file and closes every connection; within 2 s each. */
  public void stop() {
    stopping = true;
    if (listening != null) {
      listening.close().awaitUninterruptibly(STOP_SECONDS, TimeUnit.SECONDS);
      removeFile();
    }
    channels.close().awaitUninterruptibly(STOP_SECONDS, TimeUnit.SECONDS);
  }

  private void removeFile() {
    try {
      if (file != null) {
        file.delete();
      }
    } catch (IOException e) {
      log.warn("{} not removed: {}", text(), e.getMessage());
    }
  }

  private final class Connection extends ChannelInitializer<Channel> implements StreamLink.Owner {
    @Override
    protected void initChannel(Channel channel) {
      channel.pipeline().addLast(StreamLink.waiting(this));
    }

    @Override
    public @Nullable StreamPort linkUp(Channel channel) {
      if (ports.size() >= MAX_CONNECTIONS) {
        log.warn("{}: a connection refused, there are {}", text(), MAX_CONNECTIONS);
        return null;
      }
      channels.add(channel);
      if (stopping) {
        return null;
      }
      StreamPort port = new StreamPort(name(channel), bridge, policy);
      ports.add(port);
      log.info("{} joined", port.name());
      return port;
    }

    /** A peer on TCP by its address; those on a UNIX socket have none and are numbered. */
    private String name(Channel channel) {
      return "stream:"
          + (channel.remoteAddress() instanceof InetSocketAddress inet
              ? Sockets.text(inet)
              : text() + "#" + connections.incrementAndGet());
    }

    @Override
    public void linkDown(StreamPort port, String cause) {
      ports.remove(port);
      port.close();
      log.info(
          "{} left: {} ({} octets in, {} out)",
          port.name(),
          stopping ? "we stop" : cause,
          port.counters().ingressOctets(),
          port.counters().egressOctets());
    }
  }
}
