package etherws.tunnel;

import org.jspecify.annotations.Nullable;

/** Flows that take turns. */
final class FlowList {
  private @Nullable FlowQueue first;
  private @Nullable FlowQueue last;

  boolean isEmpty() {
    return first == null;
  }

  @Nullable FlowQueue first() {
    return first;
  }

  void add(FlowQueue flow) {
    flow.scheduled = true;
    if (last == null) {
      first = flow;
    } else {
      last.nextFlow = flow;
    }
    last = flow;
  }

  void removeFirst() {
    FlowQueue flow = first;
    if (flow != null) {
      first = flow.nextFlow;
      flow.nextFlow = null;
      flow.scheduled = false;
      if (first == null) {
        last = null;
      }
    }
  }
}
