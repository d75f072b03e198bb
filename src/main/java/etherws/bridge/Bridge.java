package etherws.bridge;

import etherws.frame.EthernetFrame;
import etherws.frame.MacAddress;
import etherws.metrics.DropReason;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One learning bridge: what comes in on a port leaves by the port that knows it, or by all others
 * of its VLAN, as far as the policies of both ports allow.
 */
public final class Bridge {
  /*
   * receive runs on every ingress thread at once and takes no lock. The ports are a copy-on-write
   * array: a frame is forwarded among the ports that were attached when it arrived.
   */
  private static final int MOST_ANNOUNCED = 1_024;

  private final LongSupplier nanoTime;
  private final Fdb fdb;
  private final UplinkGroups groups = new UplinkGroups(this::flushFdb);
  private final LoopGuard loopGuard;
  private volatile Attachment[] members = {};
  private int lastNumber;

  public Bridge(BridgeSettings settings, LongSupplier nanoTime) {
    this(settings, nanoTime, new SecureRandom());
  }

  /**
   * @param random makes the probes for loops, which nobody should foresee
   */
  public Bridge(BridgeSettings settings, LongSupplier nanoTime, RandomGenerator random) {
    this.nanoTime = nanoTime;
    this.loopGuard = new LoopGuard(settings, random, groups, this::flushFdb);
    this.fdb = new Fdb(settings, loopGuard::flapping);
  }

  /** Adds a port, which may get frames from now on. */
  public synchronized Attachment attach(Port port, PortPolicy policy) {
    lastNumber++;
    long now = nanoTime.getAsLong();
    Attachment attachment =
        new Attachment(this, port, lastNumber, loopGuard.newToken(), policy, now);
    groups.attaching(attachment, members, now);
    Attachment[] more = Arrays.copyOf(members, members.length + 1);
    more[members.length] = attachment;
    members = more;
    return attachment;
  }

  synchronized void detach(Attachment port) {
    members = Arrays.stream(members).filter(p -> p != port).toArray(Attachment[]::new);
    fdb.forget(port);
  }

  void policy(Attachment port, PortPolicy policy) {
    PortPolicy before = port.policy();
    if (before.equals(policy)) {
      return; // its limits go on counting
    }
    port.rules(new Rules(policy, nanoTime.getAsLong()));
    boolean learnsAsBefore =
        before.vlan().equals(policy.vlan())
            && before.macs().equals(policy.macs())
            && before.learning() == policy.learning();
    if (!learnsAsBefore) {
      fdb.forget(port);
    }
  }

  public List<Port> ports() {
    return Arrays.stream(members).map(Attachment::port).toList();
  }

  /** All ports, the oldest first. */
  public List<Attachment> attachments() {
    return List.of(members);
  }

  /** The least MTU of the devices behind its ports; 0 if there are none. */
  public int mtu() {
    return Arrays.stream(members).mapToInt(m -> m.port().mtu()).filter(n -> n > 0).min().orElse(0);
  }

  /** What the bridge knows at the moment, in no order. */
  public List<FdbEntry> fdb() {
    return fdb.entries(nanoTime.getAsLong());
  }

  /** Addresses the bridge knows at the moment. */
  public int fdbSize() {
    return fdb().size();
  }

  /** Forgets all addresses. */
  public void flushFdb() {
    fdb.clear();
  }

  /** Forgets the addresses of one port. */
  public void flushFdb(Attachment port) {
    fdb.forget(port);
  }

  /**
   * What has to be done once a second: looks for loops, opens ports again, has uplinks take over
   * from each other, takes out aged addresses. Any thread, but one at a time.
   */
  public void tick() {
    long now = nanoTime.getAsLong();
    fdb.sweep(now);
    groups.tick(members, now);
    loopGuard.tick(members, now);
    groups.announcing(now).forEach(port -> announce(port, now));
  }

  /** Has everybody beyond a port learn where the addresses behind this bridge are now. */
  private void announce(Attachment port, long now) {
    fdb.entries(now).stream()
        .filter(entry -> entry.port() != port)
        .filter(entry -> entry.port().rules().denyBetween(port.rules()) == null)
        .limit(MOST_ANNOUNCED)
        .forEach(entry -> Probes.announce(port, entry.vid(), entry.mac()));
  }

  Attachment[] members() {
    return members;
  }

  void receive(Attachment in, EthernetFrame frame) {
    long now = nanoTime.getAsLong();
    DropReason denial = in.isOpen() ? relay(in, frame, now) : refuse(in, frame, now);
    if (denial != null) {
      in.drop(denial);
    }
  }

  /** A port that waits looks at probes alone. */
  private DropReason refuse(Attachment in, EthernetFrame frame, long now) {
    if (!in.gate().isStandby()) {
      return DropReason.SHUT;
    }
    if (frame.source() != loopGuard.source()) {
      groups.refused(in, now);
      return DropReason.STANDBY;
    }
    loopGuard.returned(in, members, frame, now);
    return DropReason.LOOP;
  }

  private @Nullable DropReason relay(Attachment in, EthernetFrame frame, long now) {
    long source = frame.source();
    if (source == loopGuard.source()) {
      loopGuard.returned(in, members, frame, now);
      return DropReason.LOOP;
    }
    in.port().counters().ingress(frame.length());
    Rules rules = in.rules();
    int vid = rules.vlan.classify(frame);
    DropReason denial = rules.denyIngress(frame, vid, source, now);
    if (denial == null && rules.learning) {
      denial = fdb.learn(vid, source, in, now);
    }
    return denial == null ? forward(in, frame, vid, now) : denial;
  }

  private @Nullable DropReason forward(Attachment in, EthernetFrame frame, int vid, long now) {
    long destination = frame.destination();
    Attachment out = MacAddress.isGroup(destination) ? null : fdb.lookup(vid, destination, now);
    if (out == in) {
      return null;
    }
    if (out != null) {
      return Egress.forward(in, out, frame, vid, now);
    }
    DropReason denial = in.rules().storm.deny(frame, destination, now);
    return denial == null ? Egress.flood(in, frame, vid, now) : denial;
  }
}
