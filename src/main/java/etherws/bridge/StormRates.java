package etherws.bridge;

/**
 * How many frames of each kind a port may bring in per second, a second's worth in one burst. A
 * super-frame counts as its segments. 0 is without limit.
 *
 * @param broadcast to ff:ff:ff:ff:ff:ff
 * @param multicast to any other group address
 * @param unknownUnicast to an address that the FDB doesn't know, so that the frame is flooded
 */
public record StormRates(int broadcast, int multicast, int unknownUnicast) {
  public static final StormRates UNLIMITED = new StormRates(0, 0, 0);
  public static final StormRates DEFAULTS = new StormRates(1_000, 10_000, 10_000);

  public StormRates {
    if (broadcast < 0 || multicast < 0 || unknownUnicast < 0) {
      throw new IllegalArgumentException("a rate is 0 (no limit) or above");
    }
  }
}
