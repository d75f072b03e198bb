package etherws.tunnel;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who dials a hub: the other end of the connection, or whom the proxy there speaks for. */
final class Caller {
  /*
   * Belongs to the connection's loop. The address starts as that of the other end and moves to where
   * the word of each trusted hop leads; it stays at the first hop that nobody vouches for any more.
   */
  private static final int MAX_PORT = 0xffff;

  private final InetSocketAddress peer;
  private final TrustedProxies trusted;
  private InetSocketAddress address;

  Caller(InetSocketAddress peer, TrustedProxies trusted) {
    this.peer = peer;
    this.trusted = trusted;
    this.address = peer;
  }

  /** Whether the connection has to begin with a PROXY header. */
  boolean owesProxyHeader() {
    return trusted.proxyProtocol() && trusted.include(peer.getAddress());
  }

  /** The PROXY header has said so. */
  void is(InetSocketAddress client) {
    address = client;
  }

  /**
   * Follows {@code X-Forwarded-For} from its end, where the nearest proxy has written, to the first
   * address that is no trusted proxy. Whoever owes a PROXY header has no say here: it is his
   * client's.
   *
   * @param values of all such headers, in their order
   */
  void isForwardedFor(List<String> values) {
    if (trusted.proxyProtocol()) {
      return;
    }
    List<String> hops = values.stream().flatMap(v -> Arrays.stream(v.split(",", -1))).toList();
    for (String hop : hops.reversed()) {
      InetSocketAddress next = trusted.include(address.getAddress()) ? hop(hop.strip()) : null;
      if (next == null) {
        return;
      }
      address = next;
    }
  }

  /**
   * An address, as proxies write it, with or without a port; null for anything else. Without, the
   * port is that of the proxy's connection, which tells clients of one address apart.
   */
  private @Nullable InetSocketAddress hop(String text) {
    String host = text;
    String port = "";
    int end = text.indexOf(']');
    int colon = text.indexOf(':');
    if (text.startsWith("[") && end > 0) {
      host = text.substring(1, end);
      port = text.substring(end + 1);
    } else if (colon >= 0 && colon == text.lastIndexOf(':')) {
      host = text.substring(0, colon);
      port = text.substring(colon);
    }
    byte[] octets = NetUtil.createByteArrayFromIpAddressString(host);
    if (octets == null || !(port.isEmpty() || port.matches(":\\d{1,5}"))) {
      return null;
    }
    int number = port.isEmpty() ? peer.getPort() : Integer.parseInt(port.substring(1));
    return number > MAX_PORT ? null : new InetSocketAddress(Subnet.address(octets), number);
  }

  InetSocketAddress address() {
    return address;
  }

  /** The proxy that speaks for it, null without. */
  @Nullable InetAddress proxy() {
    return address.equals(peer) ? null : peer.getAddress();
  }

  /** {@code 192.0.2.1:40112}. */
  @Override
  public String toString() {
    return Hub.text(address);
  }
}
