package etherws.tunnel;

import etherws.auth.Identity;
import etherws.bridge.Attachment;
import etherws.websocket.CloseCode;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Somebody who has dialled one of our hubs and is let in. Safe from any thread. */
public final class Peer {
  private final Session session;
  private final PeerNetwork network;
  private final String path;
  private final @Nullable Identity identity;
  private final InetSocketAddress address;
  private final Wire wire;
  private final @Nullable String tls;
  private final long sinceNanos;
  private volatile @Nullable String sessionId;

  Peer(
      Session session,
      PeerNetwork network,
      String path,
      @Nullable Identity identity,
      InetSocketAddress address,
      Wire wire,
      @Nullable String tls,
      long sinceNanos) {
    this.session = session;
    this.network = network;
    this.path = path;
    this.identity = identity;
    this.address = address;
    this.wire = wire;
    this.tls = tls;
    this.sinceNanos = sinceNanos;
  }

  public String name() {
    return session.name();
  }

  /** Null for one that nobody asked. */
  public @Nullable Identity identity() {
    return identity;
  }

  public InetSocketAddress address() {
    return address;
  }

  /** Whether it speaks {@code etherws.v2}. */
  public boolean speaksV2() {
    return wire == Wire.V2;
  }

  /** Version and cipher suite of TLS; null without. */
  public @Nullable String tls() {
    return tls;
  }

  /** The last round trip of a ping, in nanoseconds; -1 before the first. */
  public long rttNanos() {
    Link link = session.link();
    return link == null ? -1 : link.rttNanos();
  }

  /** The round trip that the peer has measured; -1 if it has told none. */
  public long peerRttNanos() {
    Link link = session.link();
    return link == null ? -1 : link.peerRttNanos();
  }

  /** When it came in, on the clock of {@link System#nanoTime}. */
  public long sinceNanos() {
    return sinceNanos;
  }

  /** Its port. */
  public Attachment attachment() {
    return session.attachment();
  }

  /** Ends its link with 1008: it may not be here any more. */
  public void expel(String reason) {
    end(CloseCode.POLICY_VIOLATION, reason);
  }

  private void end(int code, String reason) {
    Link link = session.link();
    if (link != null) {
      link.end(code, reason);
    }
  }

  /** Ends its link with 1001, and asks it to come back after a while. */
  void dismiss(long returnMillis) {
    Link link = session.link();
    if (link != null) {
      link.goAway(returnMillis, "server is going away");
    }
  }

  /** Its client has come back by another link, so the one of this peer is dead. */
  void supersede(String cause) {
    Link link = session.link();
    if (link != null) {
      link.drop(cause);
    }
  }

  /**
   * Asks again whether it may be here, and as what. Of two threads the later one's answer stays.
   */
  synchronized void recheck(Reception reception) {
    switch (reception.admit(path, identity)) {
      case Reception.Admission.Granted granted when granted.network() == network -> {
        if (!granted.policy().equals(attachment().policy())) {
          attachment().policy(granted.policy());
        }
      }
      case Reception.Admission.Granted _ -> end(CloseCode.SERVICE_RESTART, "the network restarts");
      case Reception.Admission.NoSuchNetwork _ -> expel("the network is gone");
      case Reception.Admission.Forbidden forbidden -> expel(forbidden.reason());
    }
  }

  /** It has said which session it is. */
  void belongsTo(String sessionId) {
    this.sessionId = sessionId;
  }

  /** What it has said that its session is; null if nothing. */
  @Nullable String sessionId() {
    return sessionId;
  }

  void left() {
    network.leave(this);
    session.close();
  }

  Session session() {
    return session;
  }
}
