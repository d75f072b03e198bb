package etherws.tunnel;

import etherws.frame.EthernetFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Frames that wait for one link, bounded in octets and in time. Any thread offers; the link's event
 * loop takes. The only hand-over between loops.
 */
final class SendQueue {
  /*
   * An entry is one buffer: the time it came in (8 octets), then the frame. offer counts its octets
   * before it adds the entry, so the bound holds whatever the interleaving. close sets its mark
   * before it empties the queue, and offer looks at the mark after adding: whoever comes second
   * releases the entry.
   */
  static final int MAX_OCTETS = 1 << 20;

  /** A frame older than this is worth nothing any more: TCP above us has sent it again. */
  static final long MAX_AGE = TimeUnit.MILLISECONDS.toNanos(250);

  private final Queue<ByteBuf> entries = new ConcurrentLinkedQueue<>();
  private final AtomicInteger octets = new AtomicInteger();
  private final ByteBufAllocator allocator;
  private volatile boolean closed;

  SendQueue(ByteBufAllocator allocator) {
    this.allocator = allocator;
  }

  /** Copies the frame in; false if that would exceed the bound. Any thread. */
  boolean offer(EthernetFrame frame, long now) {
    int length = frame.length();
    if (octets.addAndGet(length) > MAX_OCTETS) {
      octets.addAndGet(-length);
      return false;
    }
    ByteBuf entry = allocator.directBuffer(Long.BYTES + length);
    entry.writeLong(now).writeBytes(frame.buffer(), frame.start(), length);
    entries.add(entry);
    if (closed) {
      discard();
    }
    return true;
  }

  /**
   * The next entry, its reader index at the frame, or null. The caller asks {@link #isOld}, then
   * releases it. The link's loop only.
   */
  @Nullable ByteBuf poll() {
    ByteBuf entry = entries.poll();
    if (entry != null) {
      entry.skipBytes(Long.BYTES);
      octets.addAndGet(-entry.readableBytes());
    }
    return entry;
  }

  static boolean isOld(ByteBuf entry, long now) {
    return now - entry.getLong(0) > MAX_AGE;
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  /** Takes no more, and tells how many frames were lost. */
  int close() {
    closed = true;
    return discard();
  }

  private int discard() {
    int lost = 0;
    for (ByteBuf entry = entries.poll(); entry != null; entry = entries.poll()) {
      entry.release();
      lost++;
    }
    return lost;
  }
}
