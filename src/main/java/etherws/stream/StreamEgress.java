package etherws.stream;

import etherws.frame.EthernetFrame;
import etherws.metrics.DropReason;
import etherws.metrics.PortCounters;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The way out of one connection. {@link #send} may be called from any thread; all else belongs to
 * the connection's event loop.
 */
final class StreamEgress {
  /*
   * Frames from this loop are put into one buffer, which a task writes after the loop has handled
   * its ready channels. Other threads encode a frame themselves and hand it over; one task takes
   * over however many wait. Whatever waits is bounded: in the channel by its watermark, which is
   * QUEUE_OCTETS too, and between threads by a count. Over the bound new frames are dropped: the
   * peer is a program beside us, a queue with a mind of its own would have little to decide.
   */
  static final int QUEUE_OCTETS = 1024 * 1024;

  private static final int FLUSH_OCTETS = 64 * 1024;
  private static final int FIRST_OCTETS = 2 * 1024;

  private final Channel channel;
  private final PortCounters counters;
  private final Queue<ByteBuf> handedOver = new ConcurrentLinkedQueue<>();
  private final AtomicInteger handedOverOctets = new AtomicInteger();
  private final AtomicBoolean takeScheduled = new AtomicBoolean();
  private final Runnable takeTask = this::take; // made once, not at every wake-up
  private final Runnable flushTask = this::flush;
  private @Nullable ByteBuf batch;
  private int lastBatch = FIRST_OCTETS;
  private boolean flushScheduled;
  private volatile boolean closed;

  StreamEgress(Channel channel, PortCounters counters) {
    this.channel = channel;
    this.counters = counters;
  }

  /** Sends a frame, or drops it. Any thread. */
  void send(EthernetFrame frame) {
    int octets = StreamEncoder.octets(frame);
    if (!channel.isWritable() || handedOverOctets.get() + octets > QUEUE_OCTETS) {
      counters.drop(DropReason.QUEUE_FULL);
    } else if (channel.eventLoop().inEventLoop()) {
      add(frame, octets);
    } else {
      handOver(frame, octets);
    }
  }

  private void add(EthernetFrame frame, int octets) {
    if (batch == null) {
      batch = channel.alloc().directBuffer(Math.max(lastBatch, octets));
    }
    StreamEncoder.ofThread().append(frame, batch, counters);
    if (batch.readableBytes() >= FLUSH_OCTETS) {
      flush();
    } else if (!flushScheduled) {
      flushScheduled = true;
      channel.eventLoop().execute(flushTask);
    }
  }

  private void flush() {
    flushScheduled = false;
    if (batch != null) {
      ByteBuf full = batch;
      batch = null;
      lastBatch = Math.clamp(full.readableBytes(), FIRST_OCTETS, FLUSH_OCTETS);
      channel.writeAndFlush(full, channel.voidPromise());
    }
  }

  private void handOver(EthernetFrame frame, int octets) {
    ByteBuf out = channel.alloc().directBuffer(octets);
    StreamEncoder.ofThread().append(frame, out, counters);
    handedOverOctets.addAndGet(octets);
    handedOver.add(out);
    if (closed) {
      forget(); // nobody else would
    } else if (takeScheduled.compareAndSet(false, true)) {
      channel.eventLoop().execute(takeTask);
    }
  }

  private void take() {
    takeScheduled.set(false);
    for (ByteBuf out = handedOver.poll(); out != null; out = handedOver.poll()) {
      handedOverOctets.addAndGet(-out.readableBytes());
      channel.write(out, channel.voidPromise());
    }
    channel.flush();
  }

  /** The channel is gone. */
  void release() {
    closed = true;
    forget();
    if (batch != null) {
      batch.release();
      batch = null;
    }
  }

  private void forget() {
    for (ByteBuf out = handedOver.poll(); out != null; out = handedOver.poll()) {
      out.release();
    }
  }
}
