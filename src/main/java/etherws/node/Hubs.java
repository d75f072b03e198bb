package etherws.node;

import static java.util.stream.Collectors.toSet;

import etherws.metrics.RefusalCounters;
import etherws.node.NodeSettings.Listener;
import etherws.tls.ServerTls;
import etherws.tls.ServerTlsSettings;
import etherws.tls.TlsFileException;
import etherws.tunnel.Hub;
import etherws.tunnel.HubSettings;
import etherws.tunnel.Transport;
import etherws.tunnel.TrustedProxies;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The node's listening hubs. All calls block; threads take turns. */
final class Hubs {
  private static final Logger log = LoggerFactory.getLogger(Hubs.class);

  private final Transport transport;
  private final Door door;
  private final RefusalCounters refusals;
  private final Map<Key, Listening> listening = new LinkedHashMap<>();
  private final Map<Key, Listening> prepared = new LinkedHashMap<>();
  private final Map<Key, Set<String>> origins = new HashMap<>();

  /** What makes a listener another one. */
  private record Key(
      List<InetSocketAddress> addresses, TrustedProxies proxies, @Nullable ServerTlsSettings tls) {}

  private record Listening(Hub hub, @Nullable ServerTls tls) {}

  Hubs(Transport transport, Door door, RefusalCounters refusals) {
    this.transport = transport;
    this.door = door;
    this.refusals = refusals;
  }

  /**
   * Reads keys and certificates. New listeners are ready to listen then; those that listen already
   * show what was read to links to come, or, if that can't be used, what they showed before: that
   * is logged.
   */
  synchronized void prepare(List<Listener> wanted) throws TlsFileException {
    prepared.clear();
    origins.clear();
    for (Listener listener : wanted) {
      HubSettings settings = listener.settings();
      Key key = new Key(settings.addresses(), settings.proxies(), listener.tls());
      origins.put(key, settings.allowedOrigins());
      Listening there = listening.get(key);
      if (there == null) {
        prepared.put(key, make(listener));
      } else {
        prepared.put(key, there);
        reload(there.tls);
      }
    }
  }

  private Listening make(Listener listener) throws TlsFileException {
    ServerTls tls =
        listener.tls() == null
            ? null
            : new ServerTls(listener.tls(), listener.passphrase(), InstantSource.system());
    if (tls != null) {
      log.debug("TLS by {}, sockets by {}", tls.provider(), Transport.name());
    }
    Hub hub =
        new Hub(
            listener.settings(),
            transport,
            door,
            tls,
            door::authenticator,
            refusals,
            System::nanoTime);
    return new Listening(hub, tls);
  }

  private static void reload(@Nullable ServerTls tls) {
    if (tls == null) {
      return;
    }
    try {
      tls.reload();
      log.info("certificate and key read again");
    } catch (TlsFileException e) {
      log.error("certificate not replaced, the old one stays: {}", e.getMessage());
    }
  }

  /** Once a second: what was replaced on disk is shown to links to come. */
  synchronized void refresh() {
    for (Listening each : listening.values()) {
      try {
        if (each.tls != null && each.tls.refresh()) {
          log.info("certificate and key have changed, and were read again");
        }
      } catch (TlsFileException e) {
        log.error("certificate not replaced, the old one stays: {}", e.getMessage());
      }
    }
  }

  /**
   * Listens where it was prepared to, and nowhere else: the peers of hubs that end are sent away,
   * but not before all that can listen beside those hubs does.
   *
   * @throws IOException with one line for the operator; those that listen by then go on
   */
  synchronized void listen() throws IOException {
    Map<Key, Listening> leaving = new LinkedHashMap<>(listening);
    leaving.keySet().removeAll(prepared.keySet());
    Set<Integer> taken = new HashSet<>();
    leaving.keySet().forEach(key -> taken.addAll(ports(key)));
    for (Map.Entry<Key, Listening> wanted : prepared.entrySet()) {
      if (Collections.disjoint(ports(wanted.getKey()), taken)) {
        start(wanted);
      }
    }
    listening.keySet().removeAll(leaving.keySet());
    leaving.values().forEach(each -> each.hub.stop());
    for (Map.Entry<Key, Listening> wanted : prepared.entrySet()) {
      start(wanted);
    }
    listening.forEach((key, each) -> each.hub.allow(origins.getOrDefault(key, Set.of())));
  }

  private static Set<Integer> ports(Key key) {
    return key.addresses.stream().map(InetSocketAddress::getPort).collect(toSet());
  }

  private void start(Map.Entry<Key, Listening> wanted) throws IOException {
    if (!listening.containsKey(wanted.getKey())) {
      wanted.getValue().hub.start();
      listening.put(wanted.getKey(), wanted.getValue());
    }
  }

  /** Asks the door about every peer again. */
  synchronized void recheck() {
    listening.values().forEach(each -> each.hub.recheck());
  }

  /** Begins to send all peers away. The stages complete when those of a hub are gone. */
  synchronized List<Future<Void>> leave() {
    List<Future<Void>> gone = listening.values().stream().map(each -> each.hub.leave()).toList();
    listening.clear();
    return gone;
  }
}
