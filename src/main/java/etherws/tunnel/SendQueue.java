package etherws.tunnel;

import etherws.frame.EthernetFrame;
import etherws.frame.Flow;
import etherws.metrics.DropReason;
import etherws.metrics.PortCounters;
import io.netty.buffer.ByteBufAllocator;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Frames that wait for one link, bounded in octets and in time. Any thread offers; the link's event
 * loop takes. The only hand-over between loops.
 */
final class SendQueue {
  /*
   * Offers push onto a stack with one compare-and-set; the loop takes the whole stack at once, turns
   * it round and sorts its frames into flows. Taken come first what the network can't do without
   * (Flow.isControl), then the flows as of RFC 8290: a flow that has just begun goes before those
   * that have been sending, and these take turns, a quantum of octets each. A stream that fills the
   * queue thus delays itself and nobody else. CoDel keeps each flow short; over the bound in octets
   * the longest flow loses its oldest frames.
   *
   * Octets are counted before a frame is pushed, so the bound holds whatever the interleaving. close
   * sets its mark before it empties the stack, and offer looks at the mark after pushing: whoever
   * comes second releases the frame.
   *
   * A frame counts with what it takes beside its octets. Of what a link may keep at most it has to
   * get all but a little from the budget of all links, and gives it back when nothing waits.
   */

  /** With what waits behind it, in the channel: 1 MiB. */
  static final int MAX_OCTETS = (1 << 20) - Backlog.MAX_OCTETS;

  /** What a frame that waits takes beside its octets, about: two objects and a share of a page. */
  static final int OVERHEAD = 256;

  /** A link takes this much of the budget at once. */
  private static final int GRANT = 64 * 1024;

  /** What a link may always keep, so that frames can change loops. */
  private static final int LEAST = 16 * 1024;

  /** What offers may be ahead of the loop by, before they are refused. */
  private static final int MAX_INBOX_OCTETS = 2 * MAX_OCTETS;

  /** Dropped at once, so that small frames don't make us look for the longest flow each time. */
  private static final int SLACK = 16 * 1024;

  private static final int MAX_CONTROL_OCTETS = 64 * 1024;
  private static final int FLOWS = 256;

  /** A full-size frame of the usual Ethernet. */
  private static final int QUANTUM = 1514;

  private static final VarHandle INBOX;

  static {
    try {
      INBOX = MethodHandles.lookup().findVarHandle(SendQueue.class, "inbox", QueuedFrame.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final ByteBufAllocator allocator;
  private final PortCounters counters;
  private final Budget budget;
  private final AtomicInteger octets = new AtomicInteger();
  private final FlowQueue control = new FlowQueue();
  private final FlowList fresh = new FlowList();
  private final FlowList old = new FlowList();
  private final EthernetFrame view = new EthernetFrame();
  private FlowQueue @Nullable [] flows;
  private int sorted;
  private int granted;
  private volatile boolean closed;

  @SuppressWarnings("UnusedVariable") // by INBOX
  private volatile @Nullable QueuedFrame inbox;

  SendQueue(ByteBufAllocator allocator, PortCounters counters, Budget budget) {
    this.allocator = allocator;
    this.counters = counters;
    this.budget = budget;
  }

  /** Takes the frame in, or counts a drop. Any thread. */
  void offer(EthernetFrame frame, long now) {
    int cost = frame.length() + OVERHEAD;
    int over = octets.addAndGet(cost) - MAX_INBOX_OCTETS;
    if (over > 0 && (over > MAX_CONTROL_OCTETS || !Flow.isControl(frame))) {
      octets.addAndGet(-cost);
      counters.drop(DropReason.QUEUE_FULL);
      return;
    }
    QueuedFrame queued = QueuedFrame.of(frame, allocator, now);
    QueuedFrame top;
    do {
      top = inbox;
      queued.next = top;
    } while (!INBOX.compareAndSet(this, top, queued));
    if (closed) {
      discardInbox();
    }
  }

  /** True if {@link #poll} has nothing to give, drops apart. */
  boolean isEmpty() {
    return octets.get() == 0;
  }

  /** The next frame to send, or null. The link's loop only, as all that follows. */
  @Nullable QueuedFrame poll(long now) {
    sort();
    if (!control.isEmpty()) {
      return take(control);
    }
    FlowQueue flow = nextFlow();
    while (flow != null) {
      while (flow.mustDrop(now)) {
        drop(flow, DropReason.QUEUE_OLD);
      }
      if (!flow.isEmpty()) {
        QueuedFrame frame = take(flow);
        flow.deficit -= frame.length();
        return frame;
      }
      flow = nextFlow();
    }
    giveBack();
    return null;
  }

  /** Takes no more; what waits is lost. */
  void close() {
    closed = true;
    discardInbox();
    while (!control.isEmpty()) {
      drop(control, DropReason.LINK_DOWN);
    }
    for (FlowQueue flow = nextFlow(); flow != null; flow = nextFlow()) {
      while (!flow.isEmpty()) {
        drop(flow, DropReason.LINK_DOWN);
      }
    }
    giveBack();
  }

  // ---- from the inbox into flows

  /** Takes what was offered out of the inbox, and drops what is too much, flow by flow. */
  void sort() {
    if (closed) {
      discardInbox();
      return;
    }
    QueuedFrame first = inOrder(takeInbox());
    while (first != null) {
      QueuedFrame next = first.next;
      first.next = null;
      sort(first);
      first = next;
    }
    int bound = bound();
    while (sorted > bound) {
      FlowQueue longest = longestFlow();
      do {
        drop(longest, DropReason.QUEUE_FULL);
      } while (!longest.isEmpty() && sorted > bound - Math.min(SLACK, bound / 2));
    }
  }

  /** As much as what waits needs, if there is so much to be had. */
  private int bound() {
    int wanted = sorted <= LEAST ? 0 : Math.min(sorted, MAX_OCTETS);
    while (granted < wanted && budget.take(GRANT, granted)) {
      granted += GRANT;
    }
    return Math.max(LEAST, Math.min(granted, MAX_OCTETS));
  }

  private void giveBack() {
    if (granted > 0) {
      budget.count(-granted);
      granted = 0;
    }
  }

  private @Nullable QueuedFrame takeInbox() {
    return inbox == null ? null : (QueuedFrame) INBOX.getAndSet(this, null);
  }

  /** A stack has its oldest frame last. */
  private static @Nullable QueuedFrame inOrder(@Nullable QueuedFrame stack) {
    QueuedFrame first = null;
    for (QueuedFrame top = stack; top != null; ) {
      QueuedFrame below = top.next;
      top.next = first;
      first = top;
      top = below;
    }
    return first;
  }

  private void sort(QueuedFrame frame) {
    sorted += frame.length() + OVERHEAD;
    frame.view(view);
    if (Flow.isControl(view) && control.octets() < MAX_CONTROL_OCTETS) {
      control.add(frame);
      return;
    }
    FlowQueue flow = flow(Flow.hash(view));
    flow.add(frame);
    if (!flow.scheduled) {
      flow.deficit = QUANTUM;
      fresh.add(flow);
    }
  }

  /** A link that never had to queue has no flows. */
  private FlowQueue flow(int hash) {
    if (flows == null) {
      flows = new FlowQueue[FLOWS];
    }
    int index = hash & (FLOWS - 1);
    FlowQueue flow = flows[index];
    if (flow == null) {
      flow = new FlowQueue();
      flows[index] = flow;
    }
    return flow;
  }

  // ---- whose turn it is

  /** RFC 8290 section 4.2, but for taking a frame. */
  private @Nullable FlowQueue nextFlow() {
    while (true) {
      FlowList list = fresh.isEmpty() ? old : fresh;
      FlowQueue flow = list.first();
      if (flow == null) {
        return null;
      }
      if (flow.deficit <= 0) {
        flow.deficit += QUANTUM;
        list.removeFirst();
        old.add(flow);
      } else if (flow.isEmpty()) {
        list.removeFirst();
        if (list == fresh) {
          old.add(flow);
        }
      } else {
        return flow;
      }
    }
  }

  private FlowQueue longestFlow() {
    FlowQueue longest = control;
    if (flows != null) {
      for (FlowQueue flow : flows) {
        if (flow != null && flow.octets() > longest.octets()) {
          longest = flow;
        }
      }
    }
    return longest;
  }

  // ---- out

  private QueuedFrame take(FlowQueue flow) {
    QueuedFrame frame = flow.remove();
    int cost = frame.length() + OVERHEAD;
    sorted -= cost;
    octets.addAndGet(-cost);
    return frame;
  }

  private void drop(FlowQueue flow, DropReason reason) {
    take(flow).release();
    counters.drop(reason);
  }

  private void discardInbox() {
    for (QueuedFrame frame = takeInbox(); frame != null; ) {
      QueuedFrame next = frame.next;
      octets.addAndGet(-frame.length() - OVERHEAD);
      frame.release();
      counters.drop(DropReason.LINK_DOWN);
      frame = next;
    }
  }
}
