package etherws.tunnel;

import static java.util.Objects.requireNonNull;

import etherws.frame.EthernetFrame;
import etherws.metrics.DropReason;
import etherws.websocket.CloseCode;
import etherws.websocket.WebSocketException;
import etherws.websocket.WsLimits;
import etherws.websocket.WsReader;
import etherws.websocket.WsSink;
import etherws.websocket.WsWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslHandler;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One transport connection in its data phase: the last handler of the channel, behind nothing but
 * TLS. It turns WebSocket messages into frames for its session's port and frames into messages.
 *
 * <p>All state belongs to the channel's event loop; only {@link #send} and {@link #end} may be
 * called from other threads.
 */
final class Link extends ChannelInboundHandlerAdapter implements WsSink {
  /*
   * Frames from this loop are appended to a batch buffer as messages; a task that runs after the
   * loop has handled its ready channels writes and flushes it, so one flush serves all frames of a
   * wake-up. Frames from other loops, and all frames while the channel is over its watermark, wait
   * in the send queue. Control frames bypass both. Nobody may make us hoard pongs: while the channel
   * is over its watermark only the latest ping is remembered.
   */
  private static final int BATCH_OCTETS = 64 * 1024;
  private static final int MAX_FRAGMENTS = 128;
  private static final long CHECK_MILLIS = 1_000;
  private static final long CLOSE_MILLIS = 1_000;
  private static final byte[] TEXT_PING = "ping:".getBytes(StandardCharsets.US_ASCII);

  private final Session session;
  private final Quirks quirks;
  private final boolean spoke;
  private final LongSupplier nanoTime;
  private final Consumer<String> ended;
  private final WsReader reader;
  private final WsWriter writer;
  private final EthernetFrame view = new EthernetFrame();
  private final @Nullable EchoFilter echoFilter;
  private final AtomicBoolean drainScheduled = new AtomicBoolean();
  private final Keepalive keepalive;
  private @Nullable ChannelHandlerContext context;
  private @Nullable SendQueue queue;
  private @Nullable ByteBuf batch;
  private @Nullable ByteBuf owedPong;
  private boolean flushScheduled;
  private boolean holding;
  private boolean closing;
  private boolean deaf;
  private @Nullable String cause;

  /**
   * @param spoke we dialled: our messages are masked, the peer's are not
   * @param ended told once, on the loop, why the link is gone
   */
  Link(
      Session session,
      Quirks quirks,
      boolean spoke,
      WsWriter writer,
      LongSupplier nanoTime,
      Consumer<String> ended) {
    this.session = session;
    this.quirks = quirks;
    this.spoke = spoke;
    this.nanoTime = nanoTime;
    this.ended = ended;
    this.reader = new WsReader(!spoke, new WsLimits(EthernetFrame.MAX_LENGTH, MAX_FRAGMENTS), this);
    this.writer = writer;
    this.echoFilter = quirks.echoes() ? new EchoFilter() : null;
    this.keepalive = new Keepalive(nanoTime.getAsLong());
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    queue = new SendQueue(ctx.alloc());
    holding = quirks.holdBack();
    SslHandler tls = ctx.pipeline().get(SslHandler.class);
    if (tls != null && quirks.oneMessagePerRecord()) {
      tls.setWrapDataSize(0);
    }
    session.linkUp(this);
    if (holding) {
      ctx.executor().schedule(this::stopHolding, Quirks.HOLD_BACK_MILLIS, TimeUnit.MILLISECONDS);
    } else {
      ctx.executor().execute(this::check); // once the HTTP codec is out of the way
    }
    var checks =
        ctx.executor()
            .scheduleAtFixedRate(this::check, CHECK_MILLIS, CHECK_MILLIS, TimeUnit.MILLISECONDS);
    ctx.channel().closeFuture().addListener(_ -> checks.cancel(false));
  }

  /** Sends a frame, or queues or drops it. Any thread. */
  void send(EthernetFrame frame) {
    ChannelHandlerContext ctx = context();
    if (ctx.executor().inEventLoop() && mayWrite() && queue().isEmpty()) {
      append(frame);
      return;
    }
    if (!queue().offer(frame, nanoTime.getAsLong())) {
      session.counters().drop(DropReason.QUEUE_FULL);
    } else if (drainScheduled.compareAndSet(false, true)) {
      ctx.executor().execute(this::drain);
    }
  }

  /**
   * Sends a close frame and ends the link, within a second even if the peer says nothing. Any
   * thread.
   */
  void end(int code, String reason) {
    context().executor().execute(() -> beginClose(code, reason, reason));
  }

  // ---- the way in

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf chunk = (ByteBuf) message;
    if (deaf) {
      chunk.release();
      return;
    }
    try {
      keepalive.received(nanoTime.getAsLong());
      stopHolding();
      reader.read(chunk);
    } catch (WebSocketException e) {
      deaf = true;
      beginClose(e.closeCode(), String.valueOf(e.getMessage()), "bad input: " + e.getMessage());
    } finally {
      chunk.release();
    }
  }

  @Override
  public void binary(ByteBuf buffer, int index, int length) {
    if (closing) {
      return;
    }
    if (!view.wrap(buffer, index, length)) {
      session.counters().drop(DropReason.RUNT);
    } else if (echoFilter != null && echoFilter.isEcho(view, nanoTime.getAsLong())) {
      session.counters().drop(DropReason.ECHO);
    } else {
      session.receive(view);
    }
  }

  @Override
  public void text(ByteBuf buffer, int index, int length) {
    boolean ping = length >= TEXT_PING.length;
    for (int i = 0; ping && i < TEXT_PING.length; i++) {
      ping = buffer.getByte(index + i) == TEXT_PING[i];
    }
    if (ping && quirks.answerTextPing() && context().channel().isWritable()) {
      String text = buffer.toString(index, length, StandardCharsets.UTF_8);
      ByteBuf out = context().alloc().directBuffer();
      writer.text(out, "pong:" + text.substring(TEXT_PING.length));
      context().writeAndFlush(out);
    } else {
      session.counters().drop(DropReason.TEXT);
    }
  }

  @Override
  public void ping(ByteBuf buffer, int index, int length) {
    ByteBuf pong = context().alloc().directBuffer();
    writer.pong(pong, buffer, index, length);
    if (context().channel().isWritable()) {
      context().writeAndFlush(pong);
    } else {
      if (owedPong != null) {
        owedPong.release();
      }
      owedPong = pong;
    }
  }

  @Override
  public void pong(ByteBuf buffer, int index, int length) {
    keepalive.pong();
  }

  @Override
  public void close(int code, String reason) {
    if (!closing) {
      String said = reason.isEmpty() ? "" : " \"" + reason + "\"";
      beginClose(
          code == CloseCode.NO_STATUS ? CloseCode.NORMAL : code,
          "",
          "closed by peer: " + code + said);
    }
    context().close();
  }

  // ---- the way out

  private boolean mayWrite() {
    return !holding && !closing && context().channel().isWritable();
  }

  private void append(EthernetFrame frame) {
    if (echoFilter != null) {
      echoFilter.sent(frame, nanoTime.getAsLong());
    }
    append(frame.buffer(), frame.start(), frame.length());
    if (!flushScheduled) {
      flushScheduled = true;
      context().executor().execute(this::flush);
    }
  }

  private void append(ByteBuf source, int index, int length) {
    int octets = WsWriter.headerLength(length, spoke) + length;
    if (batch != null && (quirks.oneMessagePerRecord() || batch.writableBytes() < octets)) {
      writeBatch();
    }
    if (batch == null) {
      batch = context().alloc().directBuffer(Math.max(BATCH_OCTETS, octets));
    }
    writer.binary(batch, source, index, length);
    session.counters().egress(length);
  }

  private void writeBatch() {
    if (batch != null) {
      ByteBuf full = batch;
      batch = null;
      context().write(full);
      keepalive.sent();
    }
  }

  private void flush() {
    flushScheduled = false;
    writeBatch();
    context().flush();
  }

  private void drain() {
    drainScheduled.set(false);
    if (owedPong != null && context().channel().isWritable()) {
      context().write(owedPong);
      owedPong = null;
    }
    while (mayWrite()) {
      if (!drainBatch()) {
        break;
      }
    }
  }

  /** Sends up to one batch from the queue; false when the queue was emptied. */
  private boolean drainBatch() {
    boolean more = true;
    for (int octets = 0; more && octets < BATCH_OCTETS; ) {
      ByteBuf entry = queue().poll();
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
    long now = nanoTime.getAsLong();
    if (SendQueue.isOld(entry, now)) {
      session.counters().drop(DropReason.QUEUE_OLD);
    } else {
      int start = entry.readerIndex();
      if (echoFilter != null && view.wrap(entry, start, entry.readableBytes())) {
        echoFilter.sent(view, now);
      }
      append(entry, start, entry.readableBytes());
    }
    entry.release();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (ctx.channel().isWritable()) {
      drain();
    }
  }

  private void stopHolding() {
    if (holding) {
      holding = false;
      check();
      drain();
    }
  }

  // ---- life and death

  private void check() {
    if (holding || closing) {
      return;
    }
    switch (keepalive.check(nanoTime.getAsLong())) {
      case ALIVE -> {}
      case PING_DUE -> {
        ByteBuf out = context().alloc().directBuffer();
        writer.ping(out, Unpooled.EMPTY_BUFFER, 0, 0);
        context().writeAndFlush(out);
      }
      case DEAD -> {
        cause = "no sign of life from the peer";
        context().close();
      }
    }
  }

  private void beginClose(int code, String reason, String cause) {
    ChannelHandlerContext ctx = context();
    if (closing || !ctx.channel().isActive()) {
      return;
    }
    flush();
    closing = true;
    this.cause = cause;
    ByteBuf out = ctx.alloc().directBuffer();
    writer.close(out, code, reason);
    ctx.writeAndFlush(out).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    var deadline = ctx.executor().schedule(() -> ctx.close(), CLOSE_MILLIS, TimeUnit.MILLISECONDS);
    ctx.channel().closeFuture().addListener(_ -> deadline.cancel(false));
  }

  /** A proxy's cut: the end of the stream, without a close frame. */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      ctx.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable problem) {
    cause = String.valueOf(problem.getMessage());
    ctx.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    session.linkDown();
    queue().close();
    reader.close();
    if (batch != null) {
      batch.release();
      batch = null;
    }
    if (owedPong != null) {
      owedPong.release();
      owedPong = null;
    }
    ended.accept(cause == null ? "connection ended without a close frame" : cause);
  }

  private ChannelHandlerContext context() {
    return requireNonNull(context);
  }

  private SendQueue queue() {
    return requireNonNull(queue);
  }
}
