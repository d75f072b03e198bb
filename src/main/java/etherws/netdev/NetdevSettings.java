package etherws.netdev;

/**
 * Which network device to join, which must exist and be up.
 *
 * @param device its name
 */
public record NetdevSettings(String device) {}
