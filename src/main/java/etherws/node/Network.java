package etherws.node;

import etherws.bridge.Attachment;
import etherws.bridge.Bridge;
import etherws.control.PortStatus;
import etherws.node.NetworkSettings.Attached;
import etherws.node.NetworkSettings.Uplink;
import etherws.tls.TlsFileException;
import etherws.tunnel.Peer;
import etherws.tunnel.PeerNetwork;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;

/**
 * One running network: its bridge and the ports that its settings name. Peers come and go by
 * themselves.
 *
 * <p>apply and close block; one thread calls them.
 */
final class Network {
  private final Bridge bridge;
  private final PeerNetwork peers;
  private final PortOpener opener;
  private final Map<Key, Running> running = Collections.synchronizedMap(new LinkedHashMap<>());
  private final List<Running> added = new CopyOnWriteArrayList<>();
  private volatile NetworkSettings settings;

  /** Two devices may have the same settings, such as the pattern of their names. */
  private record Key(Object settings, int nth) {}

  /** An empty network; {@link #apply} brings its ports up. */
  Network(NetworkSettings settings, PortOpener opener, LongSupplier nanoTime) {
    this.settings = settings;
    this.opener = opener;
    this.bridge = new Bridge(settings.bridge(), nanoTime);
    this.peers = new PeerNetwork(settings.name(), bridge, settings.maxClients());
  }

  NetworkSettings settings() {
    return settings;
  }

  Bridge bridge() {
    return bridge;
  }

  PeerNetwork peers() {
    return peers;
  }

  /** Its ports of now, by their numbers. */
  List<NetworkPort> ports() {
    List<NetworkPort> ports = new ArrayList<>();
    List<Running> all = new ArrayList<>(added);
    all.addAll(List.copyOf(running.values()));
    for (Running each : all) {
      for (Attachment port : each.attachments()) {
        ports.add(new NetworkPort(this, port, each.type(), each.isConnected(), null));
      }
    }
    for (Peer peer : peers.peers()) {
      ports.add(new NetworkPort(this, peer.attachment(), PortStatus.Type.CLIENT, true, peer));
    }
    ports.sort(Comparator.comparingInt(port -> port.attachment().number()));
    return ports;
  }

  /** Whether the change needs a new bridge, so that everybody in the network is concerned. */
  boolean mustBeRebuiltFor(NetworkSettings wanted) {
    return !wanted.bridge().equals(settings.bridge());
  }

  /** Reads what uplinks to come need to verify their hubs, before anything is closed. */
  synchronized void check(NetworkSettings wanted) throws TlsFileException {
    for (Map.Entry<Key, Attached<?>> port : named(wanted).entrySet()) {
      boolean runs = running.containsKey(port.getKey());
      if (!runs && port.getValue().settings() instanceof Uplink uplink) {
        opener.check(uplink);
      }
    }
  }

  /** Closes what the settings name no more: it may be wanted elsewhere. */
  synchronized void retire(NetworkSettings wanted) {
    Map<Key, Attached<?>> named = named(wanted);
    for (Key key : List.copyOf(running.keySet())) {
      if (!named.containsKey(key)) {
        close(key);
      }
    }
  }

  /**
   * Opens what the settings name now, and gives the rest its policy; what they name no more was
   * retired before. The stages complete when what was opened is of use.
   *
   * @throws Exception if something can't be opened; then the network is somewhere in between: apply
   *     what it was before
   */
  synchronized List<CompletableFuture<Void>> apply(NetworkSettings wanted) throws Exception {
    settings = wanted;
    peers.maxPeers(wanted.maxClients());
    List<Running> opened = new ArrayList<>();
    for (Map.Entry<Key, Attached<?>> port : named(wanted).entrySet()) {
      Running there = running.get(port.getKey());
      if (there == null) {
        Running fresh = opener.open(wanted.name(), bridge, port.getValue());
        running.put(port.getKey(), fresh);
        opened.add(fresh);
      } else {
        there.policy(port.getValue().policy());
      }
    }
    List<CompletableFuture<Void>> up =
        opened.stream()
            .filter(each -> each.type() == PortStatus.Type.UPLINK)
            .map(Running::up)
            .toList();
    startAfterFirst(up, opened);
    return up;
  }

  /**
   * Has devices read once there is a way out. Until then the kernel keeps their frames: whoever
   * uses a device as soon as it is there loses no ARP request, and so no second.
   */
  private void startAfterFirst(List<CompletableFuture<Void>> up, List<Running> opened) {
    if (up.isEmpty()) {
      start(opened);
    } else {
      CompletableFuture.anyOf(up.toArray(CompletableFuture<?>[]::new))
          .whenCompleteAsync((_, _) -> start(opened), Thread::startVirtualThread);
    }
  }

  /** But for what has been closed meanwhile. */
  private synchronized void start(List<Running> opened) {
    opened.stream().filter(running::containsValue).forEach(Running::start);
  }

  /** Opens a port that no settings name; it stays, whatever they become. */
  synchronized Running add(Attached<?> port) throws Exception {
    Running fresh = opener.open(settings.name(), bridge, port);
    added.add(fresh);
    fresh.start();
    return fresh;
  }

  /** Closes such a port. False if it is none. */
  synchronized boolean remove(Attachment port) {
    for (Running each : added) {
      if (each.attachments().contains(port)) {
        added.remove(each);
        each.close();
        return true;
      }
    }
    return false;
  }

  private static Map<Key, Attached<?>> named(NetworkSettings settings) {
    Map<Key, Attached<?>> named = new LinkedHashMap<>();
    for (List<? extends Attached<?>> kind :
        List.of(settings.taps(), settings.netdevs(), settings.streams(), settings.uplinks())) {
      for (Attached<?> port : kind) {
        int nth = 0;
        while (named.putIfAbsent(new Key(port.settings(), nth), port) != null) {
          nth++;
        }
      }
    }
    return named;
  }

  private void close(Key key) {
    Running gone = running.remove(key);
    if (gone != null) {
      gone.close();
    }
  }

  /** An address or a route of this host has changed. */
  void networkChanged() {
    added.forEach(Running::networkChanged);
    List.copyOf(running.values()).forEach(Running::networkChanged);
  }

  /** Closes all ports, side by side. Its peers are others' to send away. */
  synchronized void close() {
    List<Running> all = new ArrayList<>(added);
    all.addAll(List.copyOf(running.values()));
    added.clear();
    running.clear();
    CompletableFuture.allOf(
            all.stream()
                .map(each -> CompletableFuture.runAsync(each::close, Thread::startVirtualThread))
                .toArray(CompletableFuture<?>[]::new))
        .join();
  }
}
