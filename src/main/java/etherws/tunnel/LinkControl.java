package etherws.tunnel;

import etherws.metrics.DropReason;
import io.netty.buffer.ByteBuf;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control messages of one link: what we have told the peer, and what it has told us. Owned by
 * the link's event loop.
 */
final class LinkControl {
  private static final Logger log = LoggerFactory.getLogger(LinkControl.class);
  private static final Set<String> CAPABILITIES =
      Set.of(ControlMessage.RTT, ControlMessage.GOING_AWAY);

  /** More than that is nobody's need, and parsed by nobody. */
  private static final int MAX_PER_SECOND = 16;

  /** Who says that it goes and stays for longer has changed its mind. */
  private static final long GOES_WITHIN = TimeUnit.SECONDS.toNanos(10);

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long TELL_RTT_EVERY = 10 * SECOND;

  private final Session session;
  private final LinkEgress egress;
  private final Keepalive keepalive;
  private final Consumer<ControlMessage.Hello> greeted;
  private Set<String> capabilities = Set.of();
  private boolean greetedBefore;
  private boolean toldRtt;
  private long toldRttAt;
  private long secondSince;
  private int thisSecond;
  private long returnMillis = -1;
  private long returnSaidAt;
  private volatile long peerRttNanos = -1;

  /**
   * @param greeted told of the peer's first hello
   */
  LinkControl(
      Session session,
      LinkEgress egress,
      Keepalive keepalive,
      Consumer<ControlMessage.Hello> greeted) {
    this.session = session;
    this.egress = egress;
    this.keepalive = keepalive;
    this.greeted = greeted;
  }

  /** The link is up. */
  void greet() {
    egress.announce(
        new ControlMessage.Hello(CAPABILITIES, session.networkMtu(), session.id()).json());
  }

  /** A text message. */
  void receive(ByteBuf buffer, int index, int length, long now) {
    ControlMessage message = isFlood(now) ? null : ControlReader.read(buffer, index, length);
    switch (message) {
      case null -> session.counters().drop(DropReason.TEXT);
      case ControlMessage.Hello hello -> hello(hello);
      case ControlMessage.Rtt rtt -> peerRttNanos = TimeUnit.MICROSECONDS.toNanos(rtt.micros());
      case ControlMessage.GoingAway away -> {
        returnMillis = away.millis();
        returnSaidAt = now;
      }
      case ControlMessage.Unknown _ -> {}
    }
  }

  private boolean isFlood(long now) {
    if (thisSecond == 0 || now - secondSince >= SECOND) {
      secondSince = now;
      thisSecond = 0;
    }
    thisSecond = Math.min(thisSecond + 1, MAX_PER_SECOND + 1);
    return thisSecond > MAX_PER_SECOND;
  }

  private void hello(ControlMessage.Hello hello) {
    if (greetedBefore) {
      return;
    }
    greetedBefore = true;
    capabilities = hello.capabilities();
    int mtu = session.networkMtu();
    if (mtu > 0 && hello.mtu() > 0 && mtu != hello.mtu()) {
      log.warn(
          "{}: the devices there have MTU {}, those here {}; longer frames are lost, make them alike",
          session.name(),
          hello.mtu(),
          mtu);
    }
    greeted.accept(hello);
  }

  /** A ping was answered: the peer may want to know how fast. */
  void pong(long now) {
    if (capabilities.contains(ControlMessage.RTT)
        && (!toldRtt || now - toldRttAt >= TELL_RTT_EVERY)) {
      toldRtt = true;
      toldRttAt = now;
      long micros = TimeUnit.NANOSECONDS.toMicros(keepalive.smoothedRttNanos());
      egress.text(new ControlMessage.Rtt(micros).json());
    }
  }

  /** We are about to close; a peer that knows the word is asked to come back after the delay. */
  void goingAway(long millis) {
    if (capabilities.contains(ControlMessage.GOING_AWAY)) {
      egress.announce(new ControlMessage.GoingAway(millis).json());
    }
  }

  /** When the peer wants us back, once the link is gone; -1 if it has not said so just now. */
  long returnMillis(long now) {
    return now - returnSaidAt > GOES_WITHIN ? -1 : returnMillis;
  }

  /** The round trip time that the peer has measured; -1 if it has told none. Any thread. */
  long peerRttNanos() {
    return peerRttNanos;
  }
}
