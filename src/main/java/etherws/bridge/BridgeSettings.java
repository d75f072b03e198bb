package etherws.bridge;

import java.time.Duration;

/**
 * How one bridge behaves.
 *
 * @param ageing how long the FDB remembers an address that stays silent (IEEE 802.1D: 300 s)
 * @param fdbSize the most addresses it remembers; the one silent for longest makes room
 */
public record BridgeSettings(Duration ageing, int fdbSize) {
  public static final BridgeSettings DEFAULTS = new BridgeSettings(Duration.ofSeconds(300), 65_536);
}
