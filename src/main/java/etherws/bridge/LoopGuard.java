package etherws.bridge;

import etherws.bridge.VlanFilter.Form;
import etherws.frame.EthernetFrame;
import etherws.frame.MacAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks for ports that lead back to this bridge, and shuts them for a while. */
final class LoopGuard {
  /*
   * Two signs of a loop. A probe that went out of one port comes in on a port: sent once a second,
   * it finds a loop that nobody has used yet. And an address moves to and fro: a loop in use.
   *
   * Of the two ports the younger is shut, the one with the higher number, so that the network stays
   * connected and one of three that meet elsewhere stays open. Ports that exchange no frames, and
   * ports of which the other is not in the VLAN, make no loop. A port on which its own probe comes
   * back is shut as well: every frame that leaves by it moves its sender there.
   *
   * An uplink is probed if there is another. The one uplink of a spoke is not: its hub would flood
   * the probes of all spokes to all spokes, and the other way round the loop they come from the
   * spoke's own TAP. Two uplinks of a group are no loop, but a matter of UplinkGroups.
   *
   * Beyond an uplink another bridge looks for the same loop, and if both shut a port, both ways may
   * be gone. So we are slow there: if the signs go on, nobody else has done it. How slow is drawn at
   * random, for the bridges of a ring.
   */
  private static final Logger log = LoggerFactory.getLogger(LoopGuard.class);
  private static final long MIN_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long MAX_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(3);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2_500);

  private final BridgeSettings settings;
  private final Consumer<Attachment> flush;
  private final UplinkGroups groups;
  private final Probes probes;
  private final long patience;

  /**
   * @param groups told which uplinks meet elsewhere
   * @param flush forgets the addresses of a port
   */
  LoopGuard(
      BridgeSettings settings,
      RandomGenerator random,
      UplinkGroups groups,
      Consumer<Attachment> flush) {
    this.settings = settings;
    this.groups = groups;
    this.flush = flush;
    this.probes = new Probes(random);
    this.patience = random.nextLong(MIN_PATIENCE_NANOS, MAX_PATIENCE_NANOS);
  }

  /** The source address of our probes, and of nothing else. */
  long source() {
    return probes.source();
  }

  long newToken() {
    return probes.newToken();
  }

  /** Opens ports whose time is over, and sends the probes. */
  void tick(Attachment[] members, long now) {
    int open = 0;
    int notIsolated = 0;
    int uplinks = 0;
    for (Attachment port : members) {
      if (port.gate().openAfterLoop(now)) {
        log.info("{} opened again, to see whether the loop is gone", name(port));
      }
      if (port.isOpen() || port.gate().isStandby()) {
        open++;
        notIsolated += port.rules().isolated ? 0 : 1;
        uplinks += port.port().isUplink() ? 1 : 0;
      }
    }
    for (Attachment port : members) {
      boolean partners = port.rules().isolated ? notIsolated > 0 : open > 1;
      boolean onlyUplink = uplinks == 1 && port.port().isUplink();
      if (port.isOpen() && isGuarded(port) && partners && !onlyUplink) {
        probes.send(port);
      }
    }
  }

  private static boolean isGuarded(Attachment port) {
    return port.policy().loopGuard();
  }

  /** A frame from {@link #source} has come in. */
  void returned(Attachment in, Attachment[] members, EthernetFrame frame, long now) {
    Attachment out = Probes.sender(frame, members);
    int vid = in.rules().vlan.classify(frame);
    if (out == null || vid == VlanFilter.NONE) {
      return;
    }
    boolean sameVlan = out.rules().vlan.egress(vid) != Form.NONE;
    if (sameVlan && UplinkGroups.areMates(in, out)) {
      groups.heard(in, out, now);
      return;
    }
    Attachment guilty = sameVlan ? guilty(in, out) : null;
    if (out == in || guilty != null) {
      String reason = "a probe that left by %s came in on %s".formatted(name(out), name(in));
      found(guilty == null ? in : guilty, in, out, reason, now);
    }
  }

  /** An address keeps moving between two ports. */
  void flapping(long mac, Attachment from, Attachment to, long now) {
    Attachment guilty = guilty(from, to);
    if (guilty != null) {
      String reason =
          "%s moved between %s and %s more than %d times within a second"
              .formatted(MacAddress.format(mac), name(from), name(to), Fdb.MAX_MOVES);
      found(guilty, from, to, reason, now);
    }
  }

  private void found(Attachment guilty, Attachment a, Attachment b, String reason, long now) {
    boolean othersLook = a != b && (a.port().isUplink() || b.port().isUplink());
    if (!othersLook || guilty.gate().isSure(now, patience, PAUSE_NANOS)) {
      shut(guilty, reason, now);
    }
  }

  /** The port to shut if frames that leave by one come in on the other; null if it is no loop. */
  private static @Nullable Attachment guilty(Attachment a, Attachment b) {
    if (!a.isOpen() || !b.isOpen() || a.rules().denyBetween(b.rules()) != null) {
      return null;
    }
    Attachment younger = a.number() > b.number() ? a : b;
    Attachment older = younger == a ? b : a;
    return isGuarded(younger) ? younger : isGuarded(older) ? older : null;
  }

  private void shut(Attachment port, String reason, long now) {
    long nanos = port.gate().shutForLoop(reason, settings, now);
    if (nanos != 0) {
      flush.accept(port);
      long seconds = TimeUnit.NANOSECONDS.toSeconds(nanos);
      log.warn("{} shut for {} s, it is part of a loop: {}", name(port), seconds, reason);
    }
  }

  private static String name(Attachment port) {
    return port.port().name();
  }
}
