package etherws.control;

import etherws.metrics.DropReason;
import etherws.metrics.PortCounters;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One port.
 *
 * @param number see {@link PortId}
 * @param reason why it is not up, in a sentence; null if it is up
 * @param until when it will open by itself; null if it won't
 * @param drops how many frames died for which reason, without the reasons that killed none
 * @param macs addresses learned on it
 * @param since when it is in this state
 */
public record PortStatus(
    String network,
    int number,
    String name,
    Type type,
    State state,
    @Nullable String reason,
    @Nullable Instant until,
    PolicySummary policy,
    long ingressFrames,
    long ingressOctets,
    long egressFrames,
    long egressOctets,
    Map<DropReason, Long> drops,
    int macs,
    Instant since) {
  /** What is behind a port. */
  public enum Type {
    TAP,
    CLIENT,
    UPLINK,
    NETDEV,
    STREAM
  }

  /** Whether frames pass. */
  public enum State {
    UP,
    /** Nothing is connected. */
    DOWN,
    /** It waits for another uplink of its group to fail. */
    STANDBY,
    /** An operator wants it so. */
    SHUT,
    /** It led back to this bridge. */
    LOOP
  }

  public PortStatus {
    drops = Map.copyOf(drops);
  }

  /** The drops of {@code counters}, as a status has them. */
  public static Map<DropReason, Long> drops(PortCounters counters) {
    Map<DropReason, Long> drops = new EnumMap<>(DropReason.class);
    for (DropReason reason : DropReason.values()) {
      long count = counters.drops(reason);
      if (count > 0) {
        drops.put(reason, count);
      }
    }
    return drops;
  }

  public PortId id() {
    return new PortId(network, number);
  }

  long dropped() {
    return drops.values().stream().mapToLong(Long::longValue).sum();
  }
}
