package etherws.metrics;

import static java.util.Objects.requireNonNull;

import java.util.EnumMap;
import java.util.concurrent.atomic.LongAdder;

/** Frames and octets of one port, named from the bridge, and why frames died there. */
public final class PortCounters {
  private final LongAdder ingressFrames = new LongAdder();
  private final LongAdder ingressOctets = new LongAdder();
  private final LongAdder egressFrames = new LongAdder();
  private final LongAdder egressOctets = new LongAdder();
  private final EnumMap<DropReason, LongAdder> drops = new EnumMap<>(DropReason.class);

  public PortCounters() {
    for (DropReason reason : DropReason.values()) {
      drops.put(reason, new LongAdder());
    }
  }

  /** A frame came in here. If it may not, it is a drop as well. */
  public void ingress(int octets) {
    ingressFrames.increment();
    ingressOctets.add(octets);
  }

  /** A frame left the bridge here. */
  public void egress(int octets) {
    egressFrames.increment();
    egressOctets.add(octets);
  }

  public void drop(DropReason reason) {
    adder(reason).increment();
  }

  public long ingressFrames() {
    return ingressFrames.sum();
  }

  public long ingressOctets() {
    return ingressOctets.sum();
  }

  public long egressFrames() {
    return egressFrames.sum();
  }

  public long egressOctets() {
    return egressOctets.sum();
  }

  public long drops(DropReason reason) {
    return adder(reason).sum();
  }

  private LongAdder adder(DropReason reason) {
    return requireNonNull(drops.get(reason));
  }
}
