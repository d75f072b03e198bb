package etherws.auth;

/**
 * Who a peer has proved to be.
 *
 * @param name the user as the htpasswd file spells it; never empty, no control characters
 */
public record Identity(String name) {}
