package etherws.control;

/**
 * Where an address was last seen.
 *
 * @param vid 0 is untagged
 * @param mac six pairs of hex digits with colons between
 * @param number of the port
 * @param name of the port
 * @param ageSeconds for how long it has been silent
 */
public record FdbEntry(
    String network, int vid, String mac, int number, String name, long ageSeconds) {}
