package etherws.bridge;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has one uplink of a group carry the frames of a network that several of them lead to. */
final class UplinkGroups {
  /*
   * Split horizon keeps the uplinks of a group from being a loop through this bridge, and no more:
   * what leaves by one would come back by the other, and everybody elsewhere would see our stations
   * in two places. So an uplink that is not the first of its group waits, and listens for the probes
   * that leave by those that are open. While it hears them, both lead to the same network.
   *
   * It is opened at once if no other is open, as when the other's link is lost. If it has never
   * heard a probe for LISTEN_NANOS, they lead to different networks, and it is opened beside the other.
   * If probes cease to come and other frames don't, the other is dead, though its link may not know
   * yet: it takes over. If the other has frames too, their network has come apart, and both are open
   * until they meet again.
   *
   * Whoever carries the frames goes on to when another comes back. For ANNOUNCE_NANOS an uplink just
   * opened tells the addresses behind us, so that others look for them there: longer than they hold
   * an address that was active elsewhere.
   *
   * tick is for one thread at a time, the rest for any.
   */
  private static final Logger log = LoggerFactory.getLogger(UplinkGroups.class);
  private static final long LISTEN_NANOS = TimeUnit.SECONDS.toNanos(4);
  private static final long ALIVE_NANOS = TimeUnit.MILLISECONDS.toNanos(2_500);
  private static final long ANNOUNCE_NANOS = TimeUnit.SECONDS.toNanos(8);

  private final Consumer<Attachment> flush;
  private final Map<Attachment, Watch> watched = new ConcurrentHashMap<>();

  /** What is known of an uplink. */
  private static final class Watch {
    volatile long heardNanos;
    volatile boolean met;
    volatile boolean refused;
    long frames = -1;
    long aliveNanos;
    long openedNanos;
    boolean announces;

    Watch(long now) {
      this.heardNanos = now;
    }
  }

  /**
   * @param flush forgets the addresses of a port
   */
  UplinkGroups(Consumer<Attachment> flush) {
    this.flush = flush;
  }

  /** Whether one of the two may have to wait for the other. */
  static boolean areMates(Attachment a, Attachment b) {
    return a != b && isMember(a) && isMember(b) && a.rules().group == b.rules().group;
  }

  private static boolean isMember(Attachment port) {
    return port.rules().group != 0 && port.port().isUplink() && port.policy().loopGuard();
  }

  private static List<Attachment> mates(
      Attachment port, Attachment[] members, Predicate<Attachment> which) {
    List<Attachment> mates = new ArrayList<>();
    for (Attachment other : members) {
      if (areMates(port, other) && which.test(other)) {
        mates.add(other);
      }
    }
    return mates;
  }

  private Watch watch(Attachment port, long now) {
    return watched.computeIfAbsent(port, _ -> new Watch(now));
  }

  /** A port that is not among {@code members} yet: it waits, unless it is the first. */
  void attaching(Attachment port, Attachment[] members, long now) {
    if (!mates(port, members, _ -> true).isEmpty()) {
      port.gate().standby(true);
      watch(port, now);
    }
  }

  /** A frame has come in on a port that waits. */
  void refused(Attachment in, long now) {
    watch(in, now).refused = true;
  }

  /** A probe that left by {@code out}, its mate, has come in on {@code in}. */
  void heard(Attachment in, Attachment out, long now) {
    Watch watch = watch(in, now);
    watch.heardNanos = now;
    watch.met = true;
    watch(out, now).met = true;
    if (in.isOpen() && out.isOpen()) {
      Attachment younger = in.number() > out.number() ? in : out;
      pause(younger, now, "leads where another of its group does");
    }
  }

  private void pause(Attachment port, long now, String why) {
    if (port.gate().standby(true)) {
      watch(port, now).heardNanos = now;
      flush.accept(port);
      log.info("{} {}, and waits", port.port().name(), why);
    }
  }

  /** Once a second: has those wait that can't carry frames, and opens those that should. */
  void tick(Attachment[] members, long now) {
    watched.keySet().retainAll(List.of(members));
    for (Attachment port : members) {
      if (isMember(port)) {
        look(port, watch(port, now), members, now);
      }
    }
    for (Attachment port : members) {
      if (port.gate().isStandby()) {
        tryToOpen(port, watch(port, now), members, now);
      }
    }
  }

  private void look(Attachment port, Watch watch, Attachment[] members, long now) {
    long frames = port.port().counters().ingressFrames();
    if (frames != watch.frames || watch.refused) {
      watch.frames = frames;
      watch.refused = false;
      watch.aliveNanos = now;
    }
    boolean connected = port.port().isConnected();
    if (!connected || (watch.met && !isAlive(port, now))) {
      watch.heardNanos = now; // it would hear no probe
    }
    if (!connected && !mates(port, members, other -> other.port().isConnected()).isEmpty()) {
      pause(port, now, "has no link");
    }
  }

  private void tryToOpen(Attachment port, Watch watch, Attachment[] members, long now) {
    if (!isMember(port)) {
      port.gate().standby(false); // by a policy that has changed
      return;
    }
    List<Attachment> open = mates(port, members, Attachment::isOpen);
    boolean silent = now - watch.heardNanos > LISTEN_NANOS;
    boolean mayBeOpen = port.port().isConnected() && (open.isEmpty() || silent);
    if (mayBeOpen && port.gate().standby(false)) {
      watch.openedNanos = now;
      watch.announces = true;
      log.info("{} carries the frames of its group", port.port().name());
      if (watch.met) {
        open.removeIf(other -> isAlive(other, now));
        open.forEach(other -> pause(other, now, "has had no frame lately"));
      }
    }
  }

  private boolean isAlive(Attachment port, long now) {
    return now - watch(port, now).aliveNanos < ALIVE_NANOS;
  }

  /** Open ports by which the addresses behind this bridge are to be told now. */
  List<Attachment> announcing(long now) {
    List<Attachment> ports = new ArrayList<>();
    watched.forEach((port, watch) -> {
      watch.announces &= now - watch.openedNanos <= ANNOUNCE_NANOS;
      if (watch.announces && port.isOpen()) {
        ports.add(port);
      }
    });
    return ports;
  }
}
