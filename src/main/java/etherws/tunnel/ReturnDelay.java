package etherws.tunnel;

/**
 * When a hub that goes away would like each of its peers back: after a second, in which it may have
 * started again, and then 2 ms after one another; all within half a minute.
 */
final class ReturnDelay {
  private static final long RESTART_MILLIS = 1_000;
  private static final long APART_MILLIS = 2;
  private static final long MAX_SPREAD_MILLIS = 29_000;

  private ReturnDelay() {}

  /** For the peer of that index among {@code peers}. */
  static long millis(int index, int peers) {
    long spread = Math.min(APART_MILLIS * peers, MAX_SPREAD_MILLIS);
    return RESTART_MILLIS + spread * index / peers;
  }
}
