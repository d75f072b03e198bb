package etherws.stream;

import java.net.SocketAddress;

/**
 * Where frames come from behind their lengths.
 *
 * @param address an {@link java.net.InetSocketAddress}, or a {@link
 *     java.net.UnixDomainSocketAddress}
 * @param listen take connections there, each a port; else connect, again whenever it is lost
 */
public record StreamSettings(SocketAddress address, boolean listen) {}
