package etherws.tunnel;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Why the hubs of a spoke did not take it; each reason is news once. Owned by the spoke's loop. */
final class Failures {
  private final @Nullable Throwable[] latest;

  Failures(int targets) {
    latest = new Throwable[targets];
  }

  /** True if it is not what has been known of that hub. */
  boolean add(int target, Throwable cause) {
    Throwable before = latest[target];
    latest[target] = cause;
    return before == null
        || !String.valueOf(before.getMessage()).equals(String.valueOf(cause.getMessage()));
  }

  /** All is well. */
  void forget() {
    Arrays.fill(latest, null);
  }

  /** What to tell when no hub took us: of the kind of the first. */
  Throwable all(List<Target> targets) {
    Throwable first = requireNonNull(latest[0]);
    if (latest.length == 1 || !(first instanceof DialException dial)) {
      return first;
    }
    List<String> reasons = new ArrayList<>();
    for (int i = 0; i < latest.length; i++) {
      Throwable cause = latest[i];
      if (cause != null) {
        reasons.add(targets.get(i) + ": " + cause.getMessage());
      }
    }
    return new DialException(dial.kind(), String.join("; ", reasons));
  }
}
