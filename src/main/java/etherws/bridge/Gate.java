package etherws.bridge;

/** Opens and shuts one port. Any thread reads; changes take the lock and are rare. */
final class Gate {
  private static final PortState UP = new PortState.Up();
  private static final PortState SHUT = new PortState.Shut();

  private volatile PortState state = UP;
  private boolean closed;
  private long backOffNanos;
  private long openedNanos;

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
