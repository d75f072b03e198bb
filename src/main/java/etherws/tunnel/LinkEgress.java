package etherws.tunnel;

import etherws.frame.EthernetFrame;
import etherws.metrics.PortCounters;
import etherws.websocket.WsWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The way out of one link: frames become messages, and few of them wait. {@link #send} may be
 * called from any thread; all else belongs to the link's event loop.
 */
final class LinkEgress {
  /*
   * Frames from this loop are encoded at once; a task that runs after the loop has handled its ready
   * channels flushes them, so one flush serves all frames of a wake-up. Frames from other loops, and
   * all frames while the channel is over its watermark, wait in the send queue. Control frames
   * bypass both. Nobody may make us hoard pongs: while the channel is over its watermark only the
   * latest ping is remembered.
   */

  /** A flush is due, so that the peer has something to do while we go on. */
  private static final int FLUSH_OCTETS = 64 * 1024;

  /** Others on the loop get their turn. */
  private static final int DRAIN_OCTETS = 256 * 1024;

  private final ChannelHandlerContext context;
  private final WsWriter writer;
  private final Encoder encoder;
  private final @Nullable EchoFilter echoFilter;
  private final Keepalive keepalive;
  private final LongSupplier nanoTime;
  private final SendQueue queue;
  private final Backlog backlog;
  private final Budget budget;
  private final Progress progress = new Progress();
  private final EthernetFrame view = new EthernetFrame();
  private final AtomicBoolean drainScheduled = new AtomicBoolean();
  private final Runnable drainTask = this::drain; // made once, not at every wake-up
  private final Runnable flushTask = this::flush;
  private @Nullable ByteBuf owedPong;
  private int unflushed;
  private long counted;
  private boolean flushScheduled;
  private boolean held;
  private boolean closed;

  /**
   * @param echoFilter told of the frames that go out, if the peer echoes
   */
  LinkEgress(
      ChannelHandlerContext context,
      WsWriter writer,
      Encoder encoder,
      @Nullable EchoFilter echoFilter,
      Keepalive keepalive,
      PortCounters counters,
      LongSupplier nanoTime) {
    this.context = context;
    this.writer = writer;
    this.encoder = encoder;
    this.echoFilter = echoFilter;
    this.keepalive = keepalive;
    this.nanoTime = nanoTime;
    this.budget = Budget.of(context.channel());
    this.queue = new SendQueue(context.alloc(), counters, budget);
    this.backlog = new Backlog(context.channel());
  }

  /** Sends a frame, or queues or drops it. Any thread. */
  void send(EthernetFrame frame) {
    boolean ours = context.executor().inEventLoop();
    if (ours && mayWrite() && queue.isEmpty()) {
      encode(frame);
      scheduleFlush();
      return;
    }
    queue.offer(frame, nanoTime.getAsLong());
    if (!ours) {
      scheduleDrain();
    } else {
      queue.sort();
      if (context.channel().isWritable()) { // else it will tell when it is
        scheduleDrain();
      }
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
    writeAndFlush(out);
  }

  void pong(ByteBuf payload, int index, int length) {
    ByteBuf out = context.alloc().directBuffer();
    writer.pong(out, payload, index, length);
    if (context.channel().isWritable()) {
      writeAndFlush(out);
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
    announce(text);
    return true;
  }

  /** The same even over the watermark: not more than once or twice in a link's life. */
  void announce(String text) {
    ByteBuf out = context.alloc().directBuffer();
    writer.text(out, text);
    writeAndFlush(out);
  }

  /** Sends what is encoded, then a close frame; no frame follows it. */
  ChannelFuture close(int code, String reason) {
    closed = true;
    ByteBuf out = context.alloc().directBuffer();
    writer.close(out, code, reason);
    return writeAndFlush(out);
  }

  /** The channel has come over its watermark, or back. */
  void writabilityChanged() {
    if (context.channel().isWritable()) {
      backlog.drained(nanoTime.getAsLong());
      drain();
    } else {
      backlog.full(nanoTime.getAsLong());
    }
  }

  /** Sends what waits, as far as the channel takes it. */
  void drain() {
    drainScheduled.set(false);
    if (owedPong != null && context.channel().isWritable()) {
      ByteBuf pong = owedPong;
      owedPong = null;
      writeAndFlush(pong);
    }
    queue.sort();
    long now = nanoTime.getAsLong();
    for (int octets = 0; mayWrite() && octets < DRAIN_OCTETS; ) {
      QueuedFrame frame = queue.poll(now);
      if (frame == null) {
        flush();
        return;
      }
      octets += frame.length();
      frame.view(view);
      encode(view);
      frame.release();
    }
    flush();
    if (mayWrite()) {
      scheduleDrain(); // after the loop's other work
    }
  }

  /** To be asked about once a second: whether the peer has stopped to read, whatever it sends. */
  boolean isStuck() {
    count();
    return progress.isStuck(context.channel(), nanoTime.getAsLong());
  }

  /** The channel is gone. */
  void release() {
    budget.count(-counted);
    counted = 0;
    closed = true;
    queue.close();
    forgetPong();
    encoder.release();
  }

  private void scheduleDrain() {
    if (drainScheduled.compareAndSet(false, true)) {
      context.executor().execute(drainTask);
    }
  }

  private boolean mayWrite() {
    return !held && !closed && context.channel().isWritable();
  }

  private void encode(EthernetFrame frame) {
    if (echoFilter != null) {
      echoFilter.sent(frame, nanoTime.getAsLong());
    }
    unflushed += frame.length();
    encoder.append(frame);
    if (unflushed >= Math.min(FLUSH_OCTETS, backlog.bound())) {
      flush();
    }
  }

  private void scheduleFlush() {
    if (!flushScheduled && unflushed > 0) {
      flushScheduled = true;
      context.executor().execute(flushTask);
    }
  }

  private void flush() {
    flushScheduled = false;
    if (unflushed > 0) {
      unflushed = 0;
      encoder.finish();
      context.flush();
      count();
      keepalive.sent();
    }
  }

  /** Tells the budget what waits in the channel. */
  private void count() {
    ChannelOutboundBuffer channel = context.channel().unsafe().outboundBuffer();
    long waiting = channel == null || closed ? counted : channel.totalPendingWriteBytes();
    if (waiting != counted) {
      budget.count(waiting - counted);
      counted = waiting;
    }
    if (waiting > Backlog.MIN_OCTETS && budget.isTight()) {
      backlog.shrink();
    }
  }

  /** A control frame, behind the frames that are encoded already. */
  private ChannelFuture writeAndFlush(ByteBuf out) {
    encoder.finish();
    unflushed = 0;
    return context.writeAndFlush(out);
  }

  private void forgetPong() {
    if (owedPong != null) {
      owedPong.release();
      owedPong = null;
    }
  }
}
