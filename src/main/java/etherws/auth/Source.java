package etherws.auth;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * Whom to slow down: an IPv4 address, or the /64 of an IPv6 address, as one host commonly has all
 * of it.
 */
record Source(boolean ipv6, long prefix) {
  private static final long MAPPED = 0xffff;

  static Source of(InetAddress address) {
    ByteBuffer octets = ByteBuffer.wrap(address.getAddress());
    if (!(address instanceof Inet6Address)) {
      return new Source(false, octets.getInt());
    }
    long prefix = octets.getLong();
    boolean mapped = prefix == 0 && octets.getInt() == MAPPED; // ::ffff:192.0.2.1
    return mapped ? new Source(false, octets.getInt()) : new Source(true, prefix);
  }
}
