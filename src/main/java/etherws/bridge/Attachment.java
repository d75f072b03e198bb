package etherws.bridge;

import etherws.bridge.FrameObserver.Direction;
import etherws.frame.EthernetFrame;
import etherws.metrics.DropReason;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A port's place in a bridge: where its frames come in and what it may do. */
public final class Attachment {
  private final Bridge bridge;
  private final Port port;
  private final int number;
  private final long probeToken;
  private final long sinceNanos;
  private final Gate gate = new Gate();
  private final AtomicInteger learned = new AtomicInteger();
  private volatile Rules rules;
  private volatile FrameObserver @Nullable [] observers;

  Attachment(Bridge bridge, Port port, int number, long probeToken, PortPolicy policy, long now) {
    this.bridge = bridge;
    this.port = port;
    this.number = number;
    this.probeToken = probeToken;
    this.sinceNanos = now;
    this.rules = new Rules(policy, now);
  }

  public Port port() {
    return port;
  }

  /** 1 for the first port of the bridge, never given to another. */
  public int number() {
    return number;
  }

  /** When it was attached, on the bridge's clock. */
  public long sinceNanos() {
    return sinceNanos;
  }

  public PortPolicy policy() {
    return rules.policy;
  }

  /** Changes what the port may do, from its next frame on. Any thread. */
  public void policy(PortPolicy policy) {
    bridge.policy(this, policy);
  }

  public PortState state() {
    return gate.state();
  }

  /** Shuts the port until it is opened in the same way, or opens it, even after a loop. */
  public void shut(boolean shut) {
    gate.shut(shut);
    if (shut) {
      bridge.flushFdb(this);
    }
  }

  /** Addresses learned on it, those that have aged out a moment ago included. */
  public int learned() {
    return learned.get();
  }

  /** Shows all its frames to one more observer. Any thread. */
  public synchronized void observe(FrameObserver observer) {
    FrameObserver[] before = observers;
    FrameObserver[] more =
        before == null ? new FrameObserver[1] : Arrays.copyOf(before, before.length + 1);
    more[more.length - 1] = observer;
    observers = more;
  }

  /** Ends that. A frame just under way may still be shown. Any thread. */
  public synchronized void forget(FrameObserver observer) {
    FrameObserver[] before = observers;
    if (before != null) {
      FrameObserver[] fewer =
          Arrays.stream(before).filter(o -> o != observer).toArray(FrameObserver[]::new);
      observers = fewer.length == 0 ? null : fewer;
    }
  }

  private static void show(FrameObserver[] observers, Direction direction, EthernetFrame frame) {
    for (FrameObserver observer : observers) {
      observer.frame(direction, frame);
    }
  }

  /**
   * One frame in, on the port's ingress thread: checked by the policy, learned, then forwarded to
   * the port that knows its destination, or flooded to all others. The frame is done with on
   * return.
   */
  public void receive(EthernetFrame frame) {
    FrameObserver[] watching = observers;
    if (watching != null) {
      show(watching, Direction.INGRESS, frame);
    }
    bridge.receive(this, frame);
  }

  /** One frame out, that the port may have but for its own limits. Any thread. */
  void offer(EthernetFrame frame, long now) {
    if (!isOpen()) {
      drop(gate.isStandby() ? DropReason.STANDBY : DropReason.SHUT);
      return;
    }
    DropReason denial = rules.denyEgress(frame, now);
    if (denial == null) {
      send(frame);
    } else {
      drop(denial);
    }
  }

  /** The same without limits. */
  void send(EthernetFrame frame) {
    FrameObserver[] watching = observers;
    if (watching != null) {
      show(watching, Direction.EGRESS, frame);
    }
    port.offer(frame);
  }

  void drop(DropReason reason) {
    port.counters().drop(reason);
  }

  /**
   * Takes the port out of the bridge and forgets its addresses. Idempotent. Call on the port's
   * ingress thread, once it is quiet.
   */
  public void detach() {
    gate.close();
    bridge.detach(this);
  }

  /** Tells our probes that left by this port from what others make up. */
  long probeToken() {
    return probeToken;
  }

  boolean isOpen() {
    return gate.isOpen();
  }

  Gate gate() {
    return gate;
  }

  Rules rules() {
    return rules;
  }

  void rules(Rules rules) {
    this.rules = rules;
  }

  /** All ports of the bridge. */
  Attachment[] members() {
    return bridge.members();
  }

  /** Counts one more address, if the port may have it. */
  boolean takePlace() {
    if (learned.incrementAndGet() <= rules.macLimit) {
      return true;
    }
    learned.decrementAndGet();
    return false;
  }

  void givePlace() {
    learned.decrementAndGet();
  }
}
