package etherws.tunnel;

import etherws.bridge.Bridge;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A network as hubs see it: the peers in it, whichever hub they came by. Safe from any thread. */
public final class PeerNetwork {
  private final String name;
  private final Bridge bridge;
  private final Set<Peer> peers = ConcurrentHashMap.newKeySet();
  private final AtomicInteger places = new AtomicInteger();
  private volatile int maxPeers;

  /**
   * @param maxPeers the most at once; 0 is no limit
   */
  public PeerNetwork(String name, Bridge bridge, int maxPeers) {
    this.name = name;
    this.bridge = bridge;
    this.maxPeers = maxPeers;
  }

  public String name() {
    return name;
  }

  /** Those who are in it now, in no order. */
  public Set<Peer> peers() {
    return Set.copyOf(peers);
  }

  /** A new limit, for peers to come. */
  public void maxPeers(int maxPeers) {
    this.maxPeers = maxPeers;
  }

  Bridge bridge() {
    return bridge;
  }

  /** Keeps a place for a peer that is about to join. False if there is none. */
  boolean takePlace() {
    int most = maxPeers;
    int before = places.getAndUpdate(taken -> most > 0 && taken >= most ? taken : taken + 1);
    return most <= 0 || before < most;
  }

  /** It has a place. */
  void join(Peer peer) {
    peers.add(peer);
  }

  /** Idempotent. */
  void leave(Peer peer) {
    if (peers.remove(peer)) {
      places.decrementAndGet();
    }
  }
}
