package etherws.tunnel;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The frames of one flow that wait, first in first out, kept short by CoDel (RFC 8289). */
final class FlowQueue {
  /** How long a frame may wait for good. */
  static final long TARGET = TimeUnit.MILLISECONDS.toNanos(15);

  /** How long it may wait longer than that before frames are dropped. */
  static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(100);

  /** With no more than this behind it a frame is never late: drops would only idle the link. */
  private static final int SPARE_OCTETS = 1514;

  /** The flow behind this one, and what it may still send in this round; the scheduler's. */
  @Nullable FlowQueue nextFlow;

  int deficit;
  boolean scheduled;

  private @Nullable QueuedFrame head;
  private @Nullable QueuedFrame tail;
  private int octets;
  private long firstAboveTime;
  private long dropNext;
  private int dropped;
  private int lastDropped;
  private boolean dropping;

  void add(QueuedFrame frame) {
    if (tail == null) {
      head = frame;
    } else {
      tail.next = frame;
    }
    tail = frame;
    octets += frame.length();
  }

  int octets() {
    return octets;
  }

  boolean isEmpty() {
    return head == null;
  }

  /** The first frame, whatever its age. Not of an empty queue. */
  QueuedFrame remove() {
    QueuedFrame frame = requireNonNull(head);
    head = frame.next;
    if (head == null) {
      tail = null;
    }
    frame.next = null;
    octets -= frame.length();
    return frame;
  }

  /**
   * True if CoDel wants the first frame dropped. Ask before each {@link #remove}, and again after
   * each drop: the frames that come out then are those to be sent.
   */
  boolean mustDrop(long now) {
    boolean late = isLate(now);
    if (!dropping) {
      if (late) {
        dropping = true;
        boolean again = now - dropNext < 16 * INTERVAL;
        int since = dropped - lastDropped;
        dropped = again && since > 1 ? since : 1;
        lastDropped = dropped;
        dropNext = controlLaw(now);
      }
      return late;
    }
    if (!late) {
      dropping = false;
      return false;
    }
    if (now - dropNext < 0) {
      return false;
    }
    dropped++;
    dropNext = controlLaw(dropNext);
    return true;
  }

  /** Above the target for a whole interval. */
  private boolean isLate(long now) {
    if (head == null || now - head.since() < TARGET || octets - head.length() <= SPARE_OCTETS) {
      firstAboveTime = 0;
      return false;
    }
    if (firstAboveTime == 0) {
      firstAboveTime = now + INTERVAL;
      return false;
    }
    return now - firstAboveTime >= 0;
  }

  private long controlLaw(long time) {
    return time + (long) (INTERVAL / Math.sqrt(dropped));
  }
}
