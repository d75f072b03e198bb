package etherws.bridge;

/** Opens and shuts one port. Any thread reads; changes take the lock and are rare. */
final class Gate {
  private static final PortState UP = new PortState.Up();
  private static final PortState SHUT = new PortState.Shut();
  private static final PortState STANDBY = new PortState.Standby();

  private volatile PortState state = UP;
  private boolean closed;
  private long backOffNanos;
  private long openedNanos;
  private long suspectedNanos;
  private long lastSignNanos;
  private boolean suspected;

  boolean isOpen() {
    return state == UP;
  }

  PortState state() {
    return state;
  }

  /** The operator's word. Opening ends a loop's back-off as well, and forgets it. */
  synchronized void shut(boolean shut) {
    state = shut || closed ? SHUT : UP;
    backOffNanos = 0;
  }

  boolean isStandby() {
    return state == STANDBY;
  }

  /** Has an open port wait, or one that waits be open. True if it has changed. */
  synchronized boolean standby(boolean wait) {
    if (state != (wait ? UP : STANDBY)) {
      return false;
    }
    state = wait ? STANDBY : UP;
    return true;
  }

  /**
   * One more sign of a loop. True if they have come for {@code patience} on end, with pauses of
   * {@code pause} at most.
   */
  synchronized boolean isSure(long now, long patience, long pause) {
    if (!suspected || now - lastSignNanos > pause) {
      suspected = true;
      suspectedNanos = now;
    }
    lastSignNanos = now;
    return now - suspectedNanos >= patience;
  }

  /** For good: the port has left. */
  synchronized void close() {
    closed = true;
    state = SHUT;
  }

  /**
   * Shuts an open port for a back-off, twice as long as the last one if that ended just now.
   *
   * @return how long, in nanoseconds; 0 if the port was not open
   */
  synchronized long shutForLoop(String reason, BridgeSettings settings, long now) {
    if (!isOpen()) {
      return 0;
    }
    long longest = settings.loopShutMax().toNanos();
    boolean again = backOffNanos != 0 && now - openedNanos < longest;
    backOffNanos = again ? Math.min(2 * backOffNanos, longest) : settings.loopShut().toNanos();
    state = new PortState.Loop(now + backOffNanos, reason);
    return backOffNanos;
  }

  /** True if a back-off has ended, and the port is open again. */
  synchronized boolean openAfterLoop(long now) {
    if (state instanceof PortState.Loop loop && now - loop.untilNanos() >= 0) {
      state = UP;
      openedNanos = now;
      return true;
    }
    return false;
  }
}
