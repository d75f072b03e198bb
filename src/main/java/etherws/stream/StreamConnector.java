package etherws.stream;

import etherws.bridge.Attachment;
import etherws.bridge.Bridge;
import etherws.bridge.PortPolicy;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.IoEventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A port with a connection to an address, made again whenever it is lost. All state belongs to the
 * event loop it is given.
 */
public final class StreamConnector {
  private static final Logger log = LoggerFactory.getLogger(StreamConnector.class);

  /** The pause before a try, doubled by each failure; up to half of it is left to chance. */
  private static final long MIN_PAUSE_MILLIS = 200;

  private static final long MAX_PAUSE_MILLIS = 10_000;

  /** A connection that lives less than this counts as a failure. */
  private static final long STABLE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final StreamSettings settings;
  private final IoEventLoop loop;
  private final LongSupplier nanoTime;
  private final RandomGenerator random;
  private final StreamPort port;
  private final CompletableFuture<Void> down = new CompletableFuture<>();
  private final Peer peer = new Peer();
  private volatile @Nullable Channel channel;
  private @Nullable String lastFailure;
  private long pauseMillis = MIN_PAUSE_MILLIS;
  private long linkSince;
  private boolean stopping;

  /**
   * @param loop its kind decides on that of the sockets
   * @param random for the pauses
   */
  public StreamConnector(
      StreamSettings settings,
      IoEventLoop loop,
      Bridge bridge,
      PortPolicy policy,
      LongSupplier nanoTime,
      RandomGenerator random) {
    this.settings = settings;
    this.loop = loop;
    this.nanoTime = nanoTime;
    this.random = random;
    this.port = new StreamPort("stream:" + Sockets.text(settings.address()), bridge, policy);
  }

  public Attachment attachment() {
    return port.attachment();
  }

  /** Whether somebody is connected now. Any thread. */
  public boolean isUp() {
    Channel current = channel;
    return current != null && current.isActive();
  }

  /** Begins to connect, for ever. */
  public void start() {
    loop.execute(this::connect);
  }

  /** Ends the connection and leaves the bridge. Idempotent, from any thread. */
  public CompletionStage<Void> stop() {
    loop.execute(() -> {
      stopping = true;
      Channel current = channel;
      if (current != null && current.isOpen()) {
        current.close(); // whoever waits for it comes to stopped()
      } else {
        stopped();
      }
    });
    return down;
  }

  private void stopped() {
    port.close();
    down.complete(null);
  }

  private void connect() {
    if (!stopping) {
      resolved()
          .whenCompleteAsync(
              (address, problem) -> {
                if (problem == null) {
                  connect(address);
                } else {
                  failed(problem);
                }
              },
              loop);
    }
  }

  /** A name is looked up at every try, and never on the loop. */
  private CompletableFuture<SocketAddress> resolved() {
    return settings.address() instanceof InetSocketAddress inet && inet.isUnresolved()
        ? CompletableFuture.supplyAsync(() -> resolve(inet), Thread::startVirtualThread)
        : CompletableFuture.completedFuture(settings.address());
  }

  private static SocketAddress resolve(InetSocketAddress address) {
    try {
      return new InetSocketAddress(
          InetAddress.getByName(address.getHostString()), address.getPort());
    } catch (UnknownHostException e) {
      throw new CompletionException("unknown host " + address.getHostString(), e);
    }
  }

  private void connect(SocketAddress address) {
    if (stopping) {
      return;
    }
    ChannelFuture connected =
        Sockets.client(loop, address)
            .handler(StreamLink.waiting(peer))
            .connect(Sockets.local(loop, address));
    channel = connected.channel();
    connected.addListener(result -> {
      if (!result.isSuccess()) {
        failed(result.cause());
      }
    });
  }

  /** Logs a reason once, not at every try. */
  private void failed(Throwable problem) {
    if (stopping) {
      stopped();
      return;
    }
    String reason = String.valueOf(problem.getMessage());
    if (!reason.equals(lastFailure)) {
      lastFailure = reason;
      log.warn("{}: {}; trying again", port.name(), reason);
    }
    connectLater();
  }

  private void connectLater() {
    long pause = pauseMillis / 2 + random.nextLong(pauseMillis / 2 + 1);
    pauseMillis = Math.min(2 * pauseMillis, MAX_PAUSE_MILLIS);
    loop.schedule(() -> connect(), pause, TimeUnit.MILLISECONDS);
  }

  private final class Peer implements StreamLink.Owner {
    @Override
    public StreamPort linkUp(Channel connected) {
      linkSince = nanoTime.getAsLong();
      lastFailure = null;
      log.info("{} is connected", port.name());
      return port;
    }

    @Override
    public void linkDown(StreamPort same, String cause) {
      if (stopping) {
        stopped();
        return;
      }
      long lasted = nanoTime.getAsLong() - linkSince;
      if (lasted >= STABLE_NANOS) {
        pauseMillis = MIN_PAUSE_MILLIS;
      }
      log.warn(
          "{}: connection lost after {} s: {}; connecting again",
          port.name(),
          TimeUnit.NANOSECONDS.toSeconds(lasted),
          cause);
      connectLater();
    }
  }
}
