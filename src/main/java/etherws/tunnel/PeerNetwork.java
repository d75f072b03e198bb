package etherws.tunnel;

import etherws.auth.Identity;
import etherws.bridge.Bridge;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A network as hubs see it: the peers in it, whichever hub they came by. Safe from any thread. */
public final class PeerNetwork {
  private final String name;
  private final Bridge bridge;
  private final Set<Peer> peers = ConcurrentHashMap.newKeySet();
  private final Map<SessionKey, Peer> sessions = new ConcurrentHashMap<>();
  private final AtomicInteger places = new AtomicInteger();
  private volatile int maxPeers;

  /** A session belongs to who began it, whatever others know of it. */
  private record SessionKey(@Nullable Identity identity, String session) {}

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

  /**
   * Keeps a place for a peer that is about to join. False if there is none.
   *
   * @param session which it says to be: if none is free, it gets that of its older link, which ends
   */
  boolean takePlace(@Nullable Identity identity, @Nullable String session) {
    int most = maxPeers;
    int before = places.getAndUpdate(taken -> most > 0 && taken >= most ? taken : taken + 1);
    return most <= 0 || before < most || (session != null && takePlaceOf(identity, session));
  }

  /** Of who comes several times at once, one gets it. */
  private boolean takePlaceOf(@Nullable Identity identity, String session) {
    Peer dead = sessions.remove(new SessionKey(identity, session));
    if (dead == null) {
      return false;
    }
    places.incrementAndGet(); // the dead one gives its own back
    dead.supersede("it has come back, and there is no other place");
    return true;
  }

  /** Of a peer that was about to join, and doesn't. */
  void givePlaceBack() {
    places.decrementAndGet();
  }

  /** It has a place. */
  void join(Peer peer) {
    peers.add(peer);
  }

  /** It has said which session it is: an older link of that is dead. */
  void greeted(Peer peer, @Nullable String session) {
    if (session == null || !peers.contains(peer)) {
      return;
    }
    peer.belongsTo(session);
    Peer before = sessions.put(new SessionKey(peer.identity(), session), peer);
    if (before != null && before != peer) {
      before.supersede("it has come back as " + peer.name());
    }
  }

  /** Idempotent. */
  void leave(Peer peer) {
    if (peers.remove(peer)) {
      places.decrementAndGet();
    }
    String session = peer.sessionId();
    if (session != null) {
      sessions.remove(new SessionKey(peer.identity(), session), peer);
    }
  }
}
