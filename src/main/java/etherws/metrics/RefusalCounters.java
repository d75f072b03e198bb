package etherws.metrics;

import static java.util.Objects.requireNonNull;

import java.util.EnumMap;
import java.util.concurrent.atomic.LongAdder;

/** How many the node's hubs have turned away, and why. Safe from any thread. */
public final class RefusalCounters {
  private final EnumMap<Refusal, LongAdder> counts = new EnumMap<>(Refusal.class);

  public RefusalCounters() {
    for (Refusal refusal : Refusal.values()) {
      counts.put(refusal, new LongAdder());
    }
  }

  public void count(Refusal refusal) {
    requireNonNull(counts.get(refusal)).increment();
  }

  public long of(Refusal refusal) {
    return requireNonNull(counts.get(refusal)).sum();
  }
}
