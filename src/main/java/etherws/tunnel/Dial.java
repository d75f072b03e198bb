package etherws.tunnel;

import etherws.tunnel.DialException.Kind;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Promise;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;

/**
 * One try to reach a hub: names to addresses, of the hub or of a proxy, and an {@link Approach} to
 * one after the other until one is taken. Runs on the spoke's event loop; only the resolver, which
 * blocks, has a thread of its own.
 */
final class Dial {
  private final Target target;
  private final Transport transport;
  private final EventLoop loop;
  private final Duration connectTimeout;
  private final Function<Promise<Void>, SpokeHandshake> handshake;
  private final Promise<Void> done;

  /**
   * @param handshake makes the handler for a connected channel; it completes the promise
   */
  Dial(
      Target target,
      Transport transport,
      EventLoop loop,
      Duration connectTimeout,
      Function<Promise<Void>, SpokeHandshake> handshake) {
    this.target = target;
    this.transport = transport;
    this.loop = loop;
    this.connectTimeout = connectTimeout;
    this.handshake = handshake;
    this.done = loop.newPromise();
  }

  /** Succeeds when the link is installed; fails with a {@link DialException}. */
  Promise<Void> start() {
    Thread.ofVirtual().name("resolve " + target.settings().uri().host()).start(this::resolve);
    return done;
  }

  private void resolve() {
    try {
      Iterator<Hop> hops = hops().iterator();
      loop.execute(() -> tryNext(hops));
    } catch (DialException e) {
      done.tryFailure(e);
    }
  }

  /** The places to try, in order; at least one. */
  private List<Hop> hops() throws DialException {
    TunnelUri uri = target.settings().uri();
    Proxy proxy = target.settings().route().proxies().toward(uri);
    if (proxy == null) {
      return addresses(uri.host(), uri.port(), "").stream().map(Hop::direct).toList();
    }
    List<InetSocketAddress> proxies =
        addresses(proxy.host(), proxy.port(), " (that of the proxy; --proxy none does without)");
    List<InetSocketAddress> hubs =
        proxy.wantsAddresses()
            ? addresses(uri.host(), uri.port(), " (socks5h:// has the proxy look it up)")
            : List.of(InetSocketAddress.createUnresolved(uri.host(), uri.port()));
    List<Hop> hops = new ArrayList<>();
    for (InetSocketAddress hub : hubs) {
      proxies.forEach(there -> hops.add(new Hop(there, proxy, target.proxyTls().get(proxy), hub)));
    }
    return hops;
  }

  private static List<InetSocketAddress> addresses(String host, int port, String remark)
      throws DialException {
    try {
      return Arrays.stream(InetAddress.getAllByName(host))
          .map(address -> new InetSocketAddress(address, port))
          .toList();
    } catch (UnknownHostException e) {
      throw new DialException(Kind.RESOLVE, "the name " + host + " has no address" + remark);
    }
  }

  private void tryNext(Iterator<Hop> hops) {
    if (done.isDone()) {
      return; // whoever waited has given up
    }
    Promise<Void> tried = loop.newPromise();
    done.addListener(_ -> tried.tryFailure(new DialException(Kind.CONNECT, "given up")));
    tried.addListener(_ -> {
      if (tried.isSuccess()) {
        done.trySuccess(null);
      } else if (hops.hasNext() && isUnreachable(tried.cause())) {
        loop.execute(() -> tryNext(hops));
      } else {
        done.tryFailure(tried.cause());
      }
    });
    connect(hops.next(), tried);
  }

  private static boolean isUnreachable(Throwable cause) {
    return cause instanceof DialException dial && dial.kind() == Kind.CONNECT;
  }

  private void connect(Hop hop, Promise<Void> tried) {
    if (tried.isDone()) {
      return;
    }
    Runnable again = () -> connect(hop, tried);
    transport
        .client()
        .group(loop)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) connectTimeout.toMillis())
        .handler(new Approach(hop, target.tls(), handshake, tried, again))
        .connect(hop.address())
        .addListener(connected -> {
          if (!connected.isSuccess()) {
            tried.tryFailure(new DialException(Kind.CONNECT, why(hop, connected.cause())));
          }
        });
  }

  private static String why(Hop hop, Throwable cause) {
    String whither = hop.proxy() == null ? Hub.text(hop.address()) : hop.who();
    return "cannot connect to " + whither + ": " + why(cause, hop.proxy() == null);
  }

  private static String why(Throwable cause, boolean direct) {
    String message = cause.getMessage();
    if (message == null) {
      return "the system says no more than " + cause.getClass().getSimpleName();
    }
    if (cause instanceof ConnectException && message.contains("refused")) {
      return "connection refused; is the " + (direct ? "server" : "proxy") + " running there?";
    }
    if (message.contains("timed out")) {
      return "no answer; is a firewall in between?";
    }
    int address = message.indexOf(": /");
    return address < 0 ? message : message.substring(0, address);
  }
}
