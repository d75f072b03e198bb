package etherws.tunnel;

import etherws.bridge.Bridge;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A network as hubs see it: the peers in it, whichever hub they came by. Safe from any thread. */
public final class PeerNetwork {
  private final String name;
  private final Bridge bridge;
  private final Set<Peer> peers = ConcurrentHashMap.newKeySet();
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

  boolean isFull() {
    int most = maxPeers;
    return most > 0 && peers.size() >= most;
  }

  void join(Peer peer) {
    peers.add(peer);
  }

  void leave(Peer peer) {
    peers.remove(peer);
  }
}
