package etherws.tunnel;

import static java.util.Objects.requireNonNull;

import etherws.bridge.Attachment;
import etherws.bridge.Bridge;
import etherws.bridge.PortPolicy;
import etherws.websocket.CloseCode;
import etherws.websocket.WsKeys;
import etherws.websocket.WsWriter;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A dialling side: one session, kept up for ever with the first hub of a list that will have it.
 * The session and its port stay while links come and go.
 *
 * <p>All state belongs to the event loop it is given.
 */
public final class Spoke {
  /*
   * Without a link it dials one hub after the other, waits (ReconnectDelay), and begins again. With a
   * link to any but the first it dials the ones before from time to time: the link that comes of it
   * takes the place of the other in the session, and only then the other ends. So there is one
   * attempt or one wait at a time, whichever it is for, and only the latest link that was made counts.
   */
  private static final Logger log = LoggerFactory.getLogger(Spoke.class);

  /** The first dial is one that somebody waits for; later ones had better be many. */
  private static final Duration FIRST_CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
  private static final long STOP_SECONDS = 2;

  /** A link that lives less than this has not ended the outage: the next dial waits as before. */
  private static final long STABLE_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** The shortest and the longest that a hub may tell us to stay away. */
  private static final long MIN_RETURN_MILLIS = 1_000;

  private static final long MAX_RETURN_MILLIS = 60_000;

  /** A dial younger than this has begun in the network as it is now. */
  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final List<Target> targets;
  private final Failures failures;
  private final HomeDelay homeDelay = new HomeDelay();
  private final Transport transport;
  private final EventLoop loop;
  private final LongSupplier nanoTime;
  private final SecureRandom random;
  private final Session session;
  private final SpokeIds ids;
  private final CompletableFuture<Void> up = new CompletableFuture<>();
  private final CompletableFuture<Void> down = new CompletableFuture<>();
  private long outageSince;
  private long paceSince;
  private long linkSince;
  private long attemptSince;
  private int current;
  private int links;
  private int shortLives;
  private boolean cameHome;
  private boolean reached;
  private boolean stopping;
  private @Nullable Promise<Void> attempt;
  private @Nullable Future<?> waiting;
  private @Nullable Link latest;
  private @Nullable Link displaced;

  /**
   * @param targets the hubs to dial, the best first
   * @param random for mask keys, handshake nonces and jitter
   */
  public Spoke(
      List<Target> targets,
      Transport transport,
      EventLoop loop,
      Bridge bridge,
      PortPolicy policy,
      LongSupplier nanoTime,
      SecureRandom random) {
    this.targets = List.copyOf(targets);
    this.failures = new Failures(targets.size());
    this.transport = transport;
    this.loop = loop;
    this.nanoTime = nanoTime;
    this.random = random;
    String name = targets.getFirst().toString();
    this.ids = SpokeIds.random(random);
    this.session = new Session(name, null, ids.session(), bridge, policy);
  }

  /**
   * Dials. Completes when the tunnel is up for the first time; fails with a {@link DialException}.
   * If the settings say to retry from the start, completes after the first try, whatever came of
   * it.
   */
  public CompletableFuture<Void> start() {
    loop.execute(() -> {
      outageSince = nanoTime.getAsLong();
      paceSince = outageSince;
      dial(0);
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

  /**
   * An address or a route of this host has changed: asks whether the link still works, or dials at
   * once if there is none. Any thread.
   */
  public void networkChanged() {
    loop.execute(() -> {
      Link link = session.link();
      boolean stale = attempt != null && nanoTime.getAsLong() - attemptSince > FRESH_NANOS;
      if (link != null) {
        link.probe();
      } else if (waiting != null || stale) {
        forgetAttempt();
        dial(0);
      }
    });
  }

  /** Its port. */
  public Attachment attachment() {
    return session.attachment();
  }

  /** Whether there is a link now. Any thread. */
  public boolean isUp() {
    return session.link() != null;
  }

  private void dial(int index) {
    waiting = null;
    if (stopping) {
      return;
    }
    boolean hurry = up.isDone() || targets.size() > 1;
    Target target = targets.get(index);
    Promise<Void> dial =
        new Dial(
                target,
                transport,
                loop,
                hurry ? CONNECT_TIMEOUT : FIRST_CONNECT_TIMEOUT,
                done -> handshake(target, done))
            .start();
    attempt = dial;
    attemptSince = nanoTime.getAsLong();
    dial.addListener(dialled -> {
      if (attempt != dial) {
        return; // it was given up
      }
      attempt = null;
      if (dialled.isSuccess()) {
        reached(index);
      } else {
        failed(index, dialled.cause());
      }
    });
  }

  /** Whatever was under way or waited for is not wanted any more. */
  private void forgetAttempt() {
    Promise<Void> dial = attempt;
    attempt = null;
    if (dial != null) {
      dial.tryFailure(new DialException(DialException.Kind.CONNECT, "given up"));
    }
    if (waiting != null) {
      waiting.cancel(false);
      waiting = null;
    }
  }

  private SpokeHandshake handshake(Target target, Promise<Void> done) {
    byte[] nonce = new byte[16];
    random.nextBytes(nonce);
    String key = Base64.getEncoder().encodeToString(nonce);
    return new SpokeHandshake(target.settings(), target.tls(), key, ids, done, this::link);
  }

  private Link link(Wire wire) {
    displaced = session.link();
    int number = ++links;
    Link link =
        new Link(
            session,
            wire,
            wire == Wire.PLAIN ? Quirks.ofPlainServer() : Quirks.none(),
            true,
            WsWriter.masked(new WsKeys(random)),
            nanoTime,
            cause -> lost(number, cause));
    latest = link;
    return link;
  }

  private void reached(int index) {
    Link before = displaced;
    displaced = null;
    linkSince = nanoTime.getAsLong();
    current = index;
    if (stopping) {
      stop();
      return;
    }
    Target target = targets.get(index);
    cameHome = before != null;
    if (before != null) {
      log.info("{} takes us again", target);
      before.end(CloseCode.NORMAL, "moved to a better hub");
    } else if (reached) {
      long outage = TimeUnit.NANOSECONDS.toSeconds(linkSince - outageSince);
      log.info("{} is back after {} s", target, outage);
    } else {
      log.info("connected to {}", target);
    }
    reached = true;
    failures.forget();
    up.complete(null);
    goHomeLater();
  }

  private void failed(int index, Throwable cause) {
    boolean linked = session.link() != null;
    boolean news = failures.add(index, cause);
    boolean last = index + 1 == (linked ? current : targets.size());
    if (last && !up.isDone() && !targets.getFirst().settings().retry()) {
      session.close();
      up.completeExceptionally(failures.all(targets));
      return;
    }
    if (news) {
      Object next = last ? "again" : targets.get(index + 1);
      log.warn("{}: {}; trying {}", targets.get(index), cause.getMessage(), next);
    }
    if (!last) {
      dial(index + 1);
    } else if (linked) {
      homeDelay.failed();
      goHomeLater();
    } else {
      up.complete(null);
      dialLater(0);
    }
  }

  private void lost(int number, String cause) {
    if (number != links) {
      return; // another has taken its place
    }
    forgetAttempt();
    if (stopping) {
      session.close();
      down.complete(null);
      return;
    }
    long now = nanoTime.getAsLong();
    long millis = requireNonNull(latest).returnMillis();
    if (millis >= 0) {
      comeBack(now, Math.clamp(millis, MIN_RETURN_MILLIS, MAX_RETURN_MILLIS), cause);
      return;
    }
    long lived = now - linkSince;
    if (lived >= STABLE_NANOS) {
      outageSince = now;
      paceSince = now;
    }
    if (cameHome) {
      homeDelay.lost(current, lived);
    }
    log.warn(
        "{}: link lost after {} s: {}; reconnecting",
        targets.get(current),
        TimeUnit.NANOSECONDS.toSeconds(lived),
        cause);
    shortLives = lived < STABLE_NANOS ? shortLives + 1 : 0;
    boolean refuses = shortLives > 1; // it takes us and drops us: another may do better
    dialLater(refuses ? (current + 1) % targets.size() : 0);
  }

  /** The hub has asked for it: no failure, and another hub will do as well. */
  private void comeBack(long now, long millis, String cause) {
    log.info("{}: {}; it wants us back in {} ms", targets.get(current), cause, millis);
    outageSince = now;
    paceSince = now + TimeUnit.MILLISECONDS.toNanos(millis);
    int next = (current + 1) % targets.size();
    waiting = loop.schedule(() -> dial(next), millis, TimeUnit.MILLISECONDS);
  }

  private void dialLater(int index) {
    long delay = ReconnectDelay.nanos(nanoTime.getAsLong() - paceSince, random);
    waiting = loop.schedule(() -> dial(index), delay, TimeUnit.NANOSECONDS);
  }

  /** If there are better hubs than this one. */
  private void goHomeLater() {
    if (current > 0) {
      waiting = loop.schedule(() -> dial(0), homeDelay.nanos(), TimeUnit.NANOSECONDS);
    }
  }
}
