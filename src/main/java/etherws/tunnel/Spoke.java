package etherws.tunnel;

import etherws.bridge.Attachment;
import etherws.bridge.Bridge;
import etherws.bridge.PortPolicy;
import etherws.tls.ClientTls;
import etherws.websocket.CloseCode;
import etherws.websocket.WsKeys;
import etherws.websocket.WsWriter;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Promise;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A dialling side: one session with one hub, kept up for ever. The session and its port stay while
 * links come and go.
 *
 * <p>All state belongs to the event loop it is given.
 */
public final class Spoke {
  private static final Logger log = LoggerFactory.getLogger(Spoke.class);

  /** The first dial is one that somebody waits for; later ones had better be many. */
  private static final Duration FIRST_CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
  private static final long STOP_SECONDS = 2;

  /** A link that lives less than this has not ended the outage: the next dial waits as before. */
  private static final long STABLE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final SpokeSettings settings;
  private final Transport transport;
  private final EventLoop loop;
  private final @Nullable ClientTls tls;
  private final Map<Proxy, ClientTls> proxyTls;
  private final LongSupplier nanoTime;
  private final SecureRandom random;
  private final Session session;
  private final String mac;
  private final CompletableFuture<Void> up = new CompletableFuture<>();
  private final CompletableFuture<Void> down = new CompletableFuture<>();
  private long outageSince;
  private long linkSince;
  private boolean reached;
  private boolean stopping;
  private @Nullable String lastFailure;

  /**
   * @param tls null for ws
   * @param proxyTls for each proxy of the route that wants TLS
   * @param random for mask keys, handshake nonces and jitter
   */
  public Spoke(
      SpokeSettings settings,
      Transport transport,
      EventLoop loop,
      Bridge bridge,
      PortPolicy policy,
      @Nullable ClientTls tls,
      Map<Proxy, ClientTls> proxyTls,
      LongSupplier nanoTime,
      SecureRandom random) {
    this.settings = settings;
    this.transport = transport;
    this.loop = loop;
    this.tls = tls;
    this.proxyTls = proxyTls;
    this.nanoTime = nanoTime;
    this.random = random;
    this.session = new Session(settings.uri().toString(), null, bridge, policy);
    this.mac = localMac(random);
  }

  /**
   * Dials. Completes when the tunnel is up for the first time; fails with a {@link DialException}.
   * If the settings say to retry from the start, completes after the first try, whatever came of
   * it.
   */
  public CompletableFuture<Void> start() {
    loop.execute(() -> {
      outageSince = nanoTime.getAsLong();
      dial();
    });
    return up;
  }

  /** Closes the link with 1001 and dials no more; completes when the link is gone. */
  public CompletableFuture<Void> stop() {
    loop.execute(() -> {
      stopping = true;
      Link link = session.link();
      if (link == null) {
        session.close();
        down.complete(null);
      } else {
        link.end(CloseCode.GOING_AWAY, "client is going away");
      }
    });
    return down.completeOnTimeout(null, STOP_SECONDS, TimeUnit.SECONDS);
  }

  /** Its port. */
  public Attachment attachment() {
    return session.attachment();
  }

  /** Whether there is a link now. Any thread. */
  public boolean isUp() {
    return session.link() != null;
  }

  private void dial() {
    if (stopping) {
      return;
    }
    Duration timeout = up.isDone() ? CONNECT_TIMEOUT : FIRST_CONNECT_TIMEOUT;
    new Dial(settings, transport, loop, tls, proxyTls, timeout, this::handshake)
        .start()
        .addListener(dialled -> {
          if (dialled.isSuccess()) {
            reached();
          } else {
            failed(dialled.cause());
          }
        });
  }

  private SpokeHandshake handshake(Promise<Void> done) {
    byte[] nonce = new byte[16];
    random.nextBytes(nonce);
    String key = Base64.getEncoder().encodeToString(nonce);
    return new SpokeHandshake(settings, tls, key, mac, done, this::link);
  }

  private Link link(Wire wire) {
    return new Link(
        session,
        wire,
        wire == Wire.PLAIN ? Quirks.ofPlainServer() : Quirks.none(),
        true,
        WsWriter.masked(new WsKeys(random)),
        nanoTime,
        this::lost);
  }

  private void reached() {
    linkSince = nanoTime.getAsLong();
    if (stopping) {
      stop();
      return;
    }
    if (reached) {
      log.info(
          "{} is back after {} s",
          settings.uri(),
          TimeUnit.NANOSECONDS.toSeconds(linkSince - outageSince));
    } else {
      log.info("connected to {}", settings.uri());
    }
    reached = true;
    lastFailure = null;
    up.complete(null);
  }

  /** Logs a reason once, not at every try. */
  private void failed(Throwable cause) {
    if (!up.isDone() && !settings.retry()) {
      session.close();
      up.completeExceptionally(cause);
      return;
    }
    String reason = String.valueOf(cause.getMessage());
    if (!reason.equals(lastFailure)) {
      lastFailure = reason;
      log.warn("{}: {}; trying again", settings.uri(), reason);
    }
    up.complete(null);
    dialLater();
  }

  private void lost(String cause) {
    long now = nanoTime.getAsLong();
    if (now - linkSince >= STABLE_NANOS) {
      outageSince = now;
    }
    if (stopping) {
      session.close();
      down.complete(null);
      return;
    }
    log.warn(
        "{}: link lost after {} s: {}; reconnecting",
        settings.uri(),
        TimeUnit.NANOSECONDS.toSeconds(now - linkSince),
        cause);
    dialLater();
  }

  private void dialLater() {
    long delay = ReconnectDelay.nanos(nanoTime.getAsLong() - outageSince, random);
    loop.schedule(this::dial, delay, TimeUnit.NANOSECONDS);
  }

  /** Locally administered, individual. */
  private static String localMac(SecureRandom random) {
    byte[] octets = new byte[6];
    random.nextBytes(octets);
    octets[0] = (byte) ((octets[0] & 0xfc) | 0x02);
    return HexFormat.ofDelimiter(":").formatHex(octets);
  }
}
