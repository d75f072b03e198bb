package etherws.bridge;

import java.time.Duration;

/**
 * How one bridge behaves.
 *
 * @param ageing how long the FDB remembers an address that stays silent (IEEE 802.1D: 300 s)
 * @param fdbSize the most addresses it remembers; when there is no room for a new one, one of the
 *     port with the most makes room, the one silent for longest
 * @param loopShut how long a port that led back to the bridge is shut
 * @param loopShutMax the longest that becomes, doubled each time while the loop is still there
 */
public record BridgeSettings(
    Duration ageing, int fdbSize, Duration loopShut, Duration loopShutMax) {
  public static final BridgeSettings DEFAULTS = new BridgeSettings(Duration.ofSeconds(300), 65_536);

  public BridgeSettings {
    if (fdbSize <= 0 || !ageing.isPositive() || !loopShut.isPositive()) {
      throw new IllegalArgumentException("a time or size is above 0");
    }
    if (loopShutMax.compareTo(loopShut) < 0) {
      throw new IllegalArgumentException("the longest loop shut is shorter than the first");
    }
  }

  /** With the usual back-off after a loop. */
  public BridgeSettings(Duration ageing, int fdbSize) {
    this(ageing, fdbSize, Duration.ofSeconds(30), Duration.ofMinutes(5));
  }
}
