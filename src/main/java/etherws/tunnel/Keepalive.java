package etherws.tunnel;

import java.util.concurrent.TimeUnit;

/**
 * Whether one link's peer lives. Alive means any octet received lately; a pong is just one kind.
 *
 * <p>Owned by the link's event loop. Time is an argument, in nanoseconds of the node's clock.
 */
final class Keepalive {
  /*
   * A ping goes out at once, every PING_INTERVAL, and early when we send but hear nothing. The peer
   * is dead after DEAD_AFTER of silence behind an unanswered ping, or longer if its answers take
   * seconds, but only if it has ever answered one: some peers (vpn-ws) never do, and for those the
   * kernel's TCP_USER_TIMEOUT has to judge.
   */
  static final long PING_INTERVAL = TimeUnit.SECONDS.toNanos(10);
  static final long DEAD_AFTER = TimeUnit.SECONDS.toNanos(9);
  static final long DEAD_AFTER_AT_MOST = TimeUnit.SECONDS.toNanos(15);

  /** A check comes a little early or late: what is due so soon is due now. */
  private static final long SLACK = TimeUnit.MILLISECONDS.toNanos(200);

  /** Sending without an answer for this long is suspicious enough to ask. */
  static final long PROBE_AFTER = TimeUnit.SECONDS.toNanos(2);

  /** The least time that {@link #answerWithin} gives. */
  static final long ANSWER_WITHIN = TimeUnit.SECONDS.toNanos(2);

  enum Verdict {
    ALIVE,
    PING_DUE,
    DEAD
  }

  private long receivedAt;
  private long pingedAt;
  private boolean pinged;
  private boolean awaiting;
  private boolean timing;
  private volatile long rttNanos = -1;
  private long smoothedRttNanos = -1;
  private long pongAt;
  private boolean answersPings;
  private boolean sentSince;

  Keepalive(long now) {
    this.receivedAt = now;
  }

  /** Octets came in, whatever they are. */
  void received(long now) {
    receivedAt = now;
    awaiting = false;
    sentSince = false;
  }

  void pong(long now) {
    answersPings = true;
    pongAt = now;
    if (timing) {
      long rtt = now - pingedAt;
      rttNanos = rtt;
      smoothedRttNanos =
          smoothedRttNanos < 0 ? rtt : smoothedRttNanos + (rtt - smoothedRttNanos) / 8;
      timing = false;
    }
  }

  /** From the last ping that was answered to its pong; -1 before the first. Any thread. */
  long rttNanos() {
    return rttNanos;
  }

  /** The same, an average that forgets; as TCP's SRTT. */
  long smoothedRttNanos() {
    return smoothedRttNanos;
  }

  /** A ping goes out though none was due. */
  void asked(long now) {
    timing = !awaiting; // else the pong to the one before would look fast
    pingedAt = now;
    pinged = true;
    awaiting = true;
  }

  /**
   * How long an answer to that ping may take, of a peer that has answered others: long enough for a
   * slow link that lives, and short for one whose pace is known.
   */
  long answerWithin() {
    return smoothedRttNanos < 0
        ? deadAfter()
        : Math.clamp(4 * smoothedRttNanos, ANSWER_WITHIN, DEAD_AFTER_AT_MOST);
  }

  /**
   * False if that ping got no answer: no pong, and no octets that left the peer later than the ping
   * came to it. A peer that never answers is not judged.
   */
  boolean hasAnswered(long asked) {
    long arrived = asked + Math.max(0, smoothedRttNanos);
    return !answersPings || pongAt - asked > 0 || receivedAt - arrived > 0;
  }

  /** Frames went out. */
  void sent() {
    sentSince = true;
  }

  /** To be asked about once a second; on {@code PING_DUE} the caller sends a ping. */
  Verdict check(long now) {
    long sincePing = now - pingedAt + SLACK;
    if (awaiting && answersPings) {
      return sincePing >= deadAfter() ? Verdict.DEAD : Verdict.ALIVE;
    }
    boolean interval = !pinged || sincePing >= PING_INTERVAL;
    boolean suspicious = sentSince && !awaiting && now - receivedAt >= PROBE_AFTER;
    if (!interval && !suspicious) {
      return Verdict.ALIVE;
    }
    pingedAt = now;
    pinged = true;
    awaiting = true;
    timing = true;
    return Verdict.PING_DUE;
  }

  private long deadAfter() {
    return Math.clamp(4 * smoothedRttNanos, DEAD_AFTER, DEAD_AFTER_AT_MOST);
  }
}
