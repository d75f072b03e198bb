package etherws.netdev;

/**
 * Which network device to join. It must exist; while it is down nothing passes.
 *
 * @param device its name
 */
public record NetdevSettings(String device) {}
