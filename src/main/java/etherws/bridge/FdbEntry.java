package etherws.bridge;

/**
 * A line of the forwarding database.
 *
 * @param vid the VLAN; 0 is the one without a number
 * @param ageSeconds how long the address has been silent
 */
public record FdbEntry(int vid, long mac, Attachment port, long ageSeconds) {}
