package etherws.tunnel;

import etherws.frame.EthernetFrame;
import etherws.metrics.DropReason;
import etherws.metrics.PortCounters;
import etherws.websocket.WsWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The way out of one link: frames become messages, and few of them wait. {@link #send} may be
 * called from any thread; all else belongs to the link's event loop.
 */
final class LinkEgress {
  /*
   * Frames from this loop are appended to a batch buffer as messages; a task that runs after the
   * loop has handled its ready channels writes and flushes it, so one flush serves all frames of a
   * wake-up. Frames from other loops, and all frames while the channel is over its watermark, wait
   * in the send queue. Control frames bypass both. Nobody may make us hoard pongs: while the channel
   * is over its watermark only the latest ping is remembered.
   */
  private static final int BATCH_OCTETS = 64 * 1024;

  /** The watermark counts what is readable, so a buffer for one small frame had better be small. */
  private static final int FIRST_OCTETS = 2 * 1024;

  private final ChannelHandlerContext context;
  private final WsWriter writer;
  private final boolean masked;
  private final boolean oneMessagePerRecord;
  private final @Nullable EchoFilter echoFilter;
  private final Keepalive keepalive;
  private final PortCounters counters;
  private final LongSupplier nanoTime;
  private final SendQueue queue;
  private final EthernetFrame view = new EthernetFrame();
  private final AtomicBoolean drainScheduled = new AtomicBoolean();
  private @Nullable ByteBuf batch;
  private @Nullable ByteBuf owedPong;
  private boolean flushScheduled;
  private boolean held;
  private boolean closed;

  /**
   * @param echoFilter told of the frames that go out, if the peer echoes
   */
  LinkEgress(
      ChannelHandlerContext context,
      WsWriter writer,
      boolean masked,
      boolean oneMessagePerRecord,
      @Nullable EchoFilter echoFilter,
      Keepalive keepalive,
      PortCounters counters,
      LongSupplier nanoTime) {
    this.context = context;
    this.writer = writer;
    this.masked = masked;
    this.oneMessagePerRecord = oneMessagePerRecord;
    this.echoFilter = echoFilter;
    this.keepalive = keepalive;
    this.counters = counters;
    this.nanoTime = nanoTime;
    this.queue = new SendQueue(context.alloc());
  }

  /** Sends a frame, or queues or drops it. Any thread. */
  void send(EthernetFrame frame) {
    if (context.executor().inEventLoop() && mayWrite() && queue.isEmpty()) {
      append(frame);
      scheduleFlush();
    } else if (!queue.offer(frame, nanoTime.getAsLong())) {
      counters.drop(DropReason.QUEUE_FULL);
    } else {
      scheduleDrain();
    }
  }

  /** From now on frames wait in the queue, until {@link #resume}. */
  void hold() {
    held = true;
  }

  void resume() {
    held = false;
    drain();
  }

  void ping() {
    ByteBuf out = context.alloc().directBuffer();
    writer.ping(out, Unpooled.EMPTY_BUFFER, 0, 0);
    context.writeAndFlush(out);
  }

  void pong(ByteBuf payload, int index, int length) {
    ByteBuf out = context.alloc().directBuffer();
    writer.pong(out, payload, index, length);
    if (context.channel().isWritable()) {
      context.writeAndFlush(out);
    } else {
      forgetPong();
      owedPong = out;
    }
  }

  /** False, and nothing sent, while the channel is over its watermark or closing. */
  boolean text(String text) {
    if (closed || !context.channel().isWritable()) {
      return false;
    }
    ByteBuf out = context.alloc().directBuffer();
    writer.text(out, text);
    context.writeAndFlush(out);
    return true;
  }

  /** Sends what is in the batch, then a close frame; no frame follows it. */
  ChannelFuture close(int code, String reason) {
    flush();
    closed = true;
    ByteBuf out = context.alloc().directBuffer();
    writer.close(out, code, reason);
    return context.writeAndFlush(out);
  }

  /**
   * Sends what waits, as far as the channel takes it: it has become writable, or frames came in.
   */
  void drain() {
    drainScheduled.set(false);
    if (owedPong != null && context.channel().isWritable()) {
      ByteBuf pong = owedPong;
      owedPong = null;
      context.writeAndFlush(pong);
    }
    if (mayWrite() && drainBatch()) {
      scheduleDrain(); // after the loop's other work
    }
  }

  /** The channel is gone. */
  void release() {
    closed = true;
    for (int lost = queue.close(); lost > 0; lost--) {
      counters.drop(DropReason.LINK_DOWN);
    }
    forgetPong();
    if (batch != null) {
      batch.release();
      batch = null;
    }
  }

  private void scheduleDrain() {
    if (drainScheduled.compareAndSet(false, true)) {
      context.executor().execute(this::drain);
    }
  }

  private boolean mayWrite() {
    return !held && !closed && context.channel().isWritable();
  }

  /** Sends up to one batch from the queue; false when the queue was emptied. */
  private boolean drainBatch() {
    boolean more = true;
    for (int octets = 0; more && octets < BATCH_OCTETS; ) {
      ByteBuf entry = queue.poll();
      if (entry == null) {
        more = false;
      } else {
        octets += entry.readableBytes();
        takeFromQueue(entry);
      }
    }
    flush();
    return more;
  }

  private void takeFromQueue(ByteBuf entry) {
    if (SendQueue.isOld(entry, nanoTime.getAsLong())) {
      counters.drop(DropReason.QUEUE_OLD);
    } else {
      view.wrap(entry, entry.readerIndex(), entry.readableBytes());
      append(view);
    }
    entry.release();
  }

  private void append(EthernetFrame frame) {
    if (echoFilter != null) {
      echoFilter.sent(frame, nanoTime.getAsLong());
    }
    int octets = WsWriter.headerLength(frame.length(), masked) + frame.length();
    if (batch != null && (oneMessagePerRecord || batch.readableBytes() + octets > BATCH_OCTETS)) {
      writeBatch();
    }
    if (batch == null) {
      batch = context.alloc().directBuffer(Math.max(FIRST_OCTETS, octets));
    }
    writer.binary(batch, frame.buffer(), frame.start(), frame.length());
    counters.egress(frame.length());
  }

  private void scheduleFlush() {
    if (!flushScheduled) {
      flushScheduled = true;
      context.executor().execute(this::flush);
    }
  }

  private void flush() {
    flushScheduled = false;
    writeBatch();
    context.flush();
  }

  private void writeBatch() {
    if (batch != null) {
      ByteBuf full = batch;
      batch = null;
      context.write(full);
      keepalive.sent();
    }
  }

  private void forgetPong() {
    if (owedPong != null) {
      owedPong.release();
      owedPong = null;
    }
  }
}
