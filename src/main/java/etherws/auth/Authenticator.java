package etherws.auth;

import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides who may come in, by HTTP Basic credentials against an htpasswd file. */
public final class Authenticator implements AutoCloseable {
  /*
   * check runs on any event loop and returns at once. What it starts goes through the throttle, by
   * source, to the pool, where all that blocks happens: reading the file and hashing. The pool has
   * half of the cores, so that frames always have the other half, and its queue is bounded; what
   * has waited until nobody waits for it any more is not hashed.
   */
  private static final Logger log = LoggerFactory.getLogger(Authenticator.class);
  private static final int MAX_QUEUED = 1024;
  private static final int KEY_LENGTH = 32;
  private static final Verdict DENIED = new Verdict.Denied();
  private static final Verdict BUSY = new Verdict.Busy();

  /** A handshake has nine seconds; an answer after that helps nobody. */
  static final Duration DEADLINE = Duration.ofSeconds(9);

  static final Duration LOG_PAUSE = Duration.ofMinutes(1);

  private final PasswordCheck check;
  private final ExecutorService pool;
  private final Throttle throttle;
  private final LongSupplier nanoTime;
  private volatile boolean closed;
  private @Nullable Long loggedNanos;

  /**
   * Starts no thread until the first check.
   *
   * @param threads makes those that hash
   */
  public Authenticator(
      Htpasswd htpasswd, SecureRandom random, LongSupplier nanoTime, ThreadFactory threads) {
    this(
        new PasswordCheck(htpasswd, new Proofs(key(random)), PasswordHash::matches),
        pool(threads),
        (delay, task) ->
            CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS, Runnable::run)
                .execute(task),
        nanoTime);
  }

  Authenticator(
      PasswordCheck check, ExecutorService pool, Throttle.Timer timer, LongSupplier nanoTime) {
    this.check = check;
    this.pool = pool;
    this.throttle = new Throttle(this::start, timer, nanoTime);
    this.nanoTime = nanoTime;
  }

  /**
   * Checks the value of an {@code Authorization} header, or null for none, from a peer at {@code
   * source}. Never blocks. The stage never fails; it may complete on another thread, on which its
   * dependents must not block either.
   */
  public CompletionStage<Verdict> check(@Nullable String authorization, InetAddress source) {
    Credentials credentials = authorization == null ? null : Credentials.parse(authorization);
    if (credentials == null) {
      return CompletableFuture.completedStage(DENIED); // nothing was guessed, nothing is counted
    }
    Attempt attempt = new Attempt(Source.of(source), credentials, nanoTime.getAsLong());
    throttle.enter(attempt);
    return attempt.verdict();
  }

  /**
   * Answers {@link Verdict.Busy} to all that wait and all that come; idempotent, and waits for
   * nothing. A hash that is being computed ends on its daemon thread and has its verdict.
   */
  @Override
  public void close() {
    closed = true;
    throttle.close();
    pool.shutdown();
  }

  private void start(Attempt attempt) {
    try {
      pool.execute(() -> throttle.settle(attempt, verdict(attempt)));
    } catch (RejectedExecutionException e) {
      throttle.settle(attempt, BUSY);
    }
  }

  private Verdict verdict(Attempt attempt) {
    if (closed || nanoTime.getAsLong() - attempt.arrivedNanos() > DEADLINE.toNanos()) {
      return BUSY;
    }
    try {
      Identity identity = check.identify(attempt.credentials());
      return identity == null ? DENIED : new Verdict.Accepted(identity);
    } catch (Throwable e) { // whatever it is, nobody comes in by it
      complain(e);
      return DENIED;
    }
  }

  /** Logs a bug of ours, once a minute at most; without its message, which may hold a secret. */
  private synchronized void complain(Throwable bug) {
    long now = nanoTime.getAsLong();
    if (loggedNanos == null || now - loggedNanos > LOG_PAUSE.toNanos()) {
      loggedNanos = now;
      Throwable trace = new Throwable(bug.getClass().getName());
      trace.setStackTrace(bug.getStackTrace());
      log.error("checking a password failed, and the peer was denied; please report this", trace);
    }
  }

  private static byte[] key(SecureRandom random) {
    byte[] key = new byte[KEY_LENGTH];
    random.nextBytes(key);
    return key;
  }

  private static ExecutorService pool(ThreadFactory factory) {
    int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads, threads, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_QUEUED), factory);
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }
}
