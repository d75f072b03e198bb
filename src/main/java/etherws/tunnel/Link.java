package etherws.tunnel;

import static java.util.Objects.requireNonNull;

import etherws.frame.Coalescer;
import etherws.frame.EthernetFrame;
import etherws.metrics.DropReason;
import etherws.websocket.CloseCode;
import etherws.websocket.WebSocketException;
import etherws.websocket.WsLimits;
import etherws.websocket.WsReader;
import etherws.websocket.WsSink;
import etherws.websocket.WsWriter;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslHandler;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One transport connection in its data phase: the last handler of the channel, behind nothing but
 * TLS. It turns WebSocket messages into frames for its session's port and frames into messages.
 *
 * <p>All state belongs to the channel's event loop; only {@link #send} and {@link #end} may be
 * called from other threads.
 */
final class Link extends ChannelInboundHandlerAdapter implements WsSink {
  private static final Logger log = LoggerFactory.getLogger(Link.class);
  private static final int MAX_FRAGMENTS = 128;
  private static final long CLOSE_MILLIS = 1_000;

  /** A close must not wait for a peer that reads nothing any more. */
  private static final long CLOSE_NOTIFY_MILLIS = 200;

  private final Session session;
  private final Wire wire;
  private final Quirks quirks;
  private final LongSupplier nanoTime;
  private final Consumer<String> ended;
  private final WsReader reader;
  private final WsWriter writer;
  private final EthernetFrame view = new EthernetFrame();
  private final RecordReader records;
  private final Coalescer coalescer;
  private final @Nullable EchoFilter echoFilter;
  private final Keepalive keepalive;
  private @Nullable ChannelHandlerContext context;
  private @Nullable LinkEgress egress;
  private @Nullable Liveness liveness;
  private @Nullable LinkControl control;
  private Consumer<ControlMessage.Hello> greeted = _ -> {};
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
      Wire wire,
      Quirks quirks,
      boolean spoke,
      WsWriter writer,
      LongSupplier nanoTime,
      Consumer<String> ended) {
    this.session = session;
    this.wire = wire;
    this.quirks = quirks;
    this.nanoTime = nanoTime;
    this.ended = ended;
    this.reader = new WsReader(!spoke, new WsLimits(wire.maxMessage(), MAX_FRAGMENTS), this);
    this.records = new RecordReader(session);
    this.coalescer = new Coalescer(session::receive);
    this.writer = writer;
    this.echoFilter = quirks.echoes() ? new EchoFilter() : null;
    this.keepalive = new Keepalive(nanoTime.getAsLong());
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    egress =
        new LinkEgress(
            ctx, writer, encoder(ctx), echoFilter, keepalive, session.counters(), nanoTime);
    liveness = new Liveness(keepalive, egress(), ctx.executor(), nanoTime, this::die);
    if (wire == Wire.V2) {
      control = new LinkControl(session, egress(), keepalive, greeted);
    }
    holding = quirks.holdBack();
    for (Map.Entry<String, ChannelHandler> entry : ctx.pipeline()) { // that of a proxy too
      if (entry.getValue() instanceof SslHandler tls) {
        tls.setCloseNotifyFlushTimeoutMillis(CLOSE_NOTIFY_MILLIS);
        tls.setWrapDataSize(0); // what we write is a record, or several full ones
      }
    }
    session.linkUp(this);
    if (holding) {
      egress().hold();
      ctx.executor().schedule(this::stopHolding, Quirks.HOLD_BACK_MILLIS, TimeUnit.MILLISECONDS);
    } else {
      ctx.executor().execute(this::begin); // once the HTTP codec is out of the way
    }
  }

  private Encoder encoder(ChannelHandlerContext ctx) {
    return switch (wire) {
      case PLAIN -> new PlainEncoder(ctx, writer, quirks.oneMessagePerRecord(), session.counters());
      case V2 -> new BatchEncoder(ctx, writer, session.counters());
    };
  }

  private void begin() {
    if (closing) {
      return;
    }
    var checks = liveness().begin();
    context().channel().closeFuture().addListener(_ -> checks.cancel(false));
    if (control != null) {
      control.greet();
    }
  }

  /** To be told of the peer's hello. Before the link is installed. */
  void onHello(Consumer<ControlMessage.Hello> listener) {
    greeted = listener;
  }

  /** Sends a frame, or queues or drops it. Any thread. */
  void send(EthernetFrame frame) {
    egress().send(frame);
  }

  /**
   * Sends a close frame and ends the link, within a second even if the peer says nothing. Any
   * thread.
   */
  void end(int code, String reason) {
    context().executor().execute(() -> beginClose(code, reason, reason));
  }

  /**
   * Ends as {@link #end} with 1001, after asking the peer to come back after a while. Any thread.
   */
  void goAway(long returnMillis, String reason) {
    context()
        .executor()
        .execute(() -> {
          if (control != null && !closing && context().channel().isActive()) {
            control.goingAway(returnMillis);
          }
          beginClose(CloseCode.GOING_AWAY, reason, reason);
        });
  }

  /** Ends at once: there is nobody to say goodbye to. Any thread. */
  void drop(String cause) {
    context().executor().execute(() -> die(cause));
  }

  /** Asks whether the peer still answers; if it doesn't soon, the link is dead. Any thread. */
  void probe() {
    context().executor().execute(() -> liveness().probe());
  }

  /** See {@link Keepalive#rttNanos}. Any thread. */
  long rttNanos() {
    return keepalive.rttNanos();
  }

  /** See {@link LinkControl#peerRttNanos}. Any thread. */
  long peerRttNanos() {
    return control == null ? -1 : control.peerRttNanos();
  }

  /** See {@link LinkControl#returnMillis}. */
  long returnMillis() {
    return control == null ? -1 : control.returnMillis(nanoTime.getAsLong());
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
      session.counters().drop(DropReason.LINK_DOWN);
    } else if (wire == Wire.V2) {
      records.read(buffer, index, length);
    } else if (!view.wrap(buffer, index, length)) {
      session.counters().drop(DropReason.RUNT);
    } else if (echoFilter != null && echoFilter.isEcho(view, nanoTime.getAsLong())) {
      session.counters().drop(DropReason.ECHO);
    } else {
      coalescer.offer(view);
    }
  }

  /** A batch of frames ends. */
  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    coalescer.flush();
  }

  @Override
  public void text(ByteBuf buffer, int index, int length) {
    if (control != null) {
      control.receive(buffer, index, length, nanoTime.getAsLong());
      return;
    }
    String answer = quirks.answerTextPing() ? TextPing.answer(buffer, index, length) : null;
    if (answer == null || !egress().text(answer)) {
      session.counters().drop(DropReason.TEXT);
    }
  }

  @Override
  public void ping(ByteBuf buffer, int index, int length) {
    egress().pong(buffer, index, length);
  }

  @Override
  public void pong(ByteBuf buffer, int index, int length) {
    long now = nanoTime.getAsLong();
    keepalive.pong(now);
    if (control != null) {
      control.pong(now);
    }
  }

  @Override
  public void close(int code, String reason) {
    if (!closing) {
      String said = reason.isEmpty() ? "" : " \"" + Fault.printable(reason) + "\"";
      beginClose(
          code == CloseCode.NO_STATUS ? CloseCode.NORMAL : code,
          "",
          "closed by peer: " + code + said);
    }
    context().close();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    egress().writabilityChanged();
  }

  private void stopHolding() {
    if (holding && !closing) {
      holding = false;
      begin();
      egress().resume();
    }
  }

  // ---- life and death

  /** Ends at once. Nobody is there to take what is left, so that the kernel needn't keep it. */
  private void die(String cause) {
    if (!context().channel().isActive()) {
      return;
    }
    this.cause = this.cause == null ? cause : this.cause;
    context().channel().config().setOption(ChannelOption.SO_LINGER, 0);
    context().close();
  }

  private void beginClose(int code, String reason, String cause) {
    ChannelHandlerContext ctx = context();
    if (closing || !ctx.channel().isActive()) {
      return;
    }
    closing = true;
    liveness().end();
    this.cause = cause;
    egress().close(code, reason).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
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
    String description = Fault.describe(problem, log);
    cause = cause == null ? description : cause; // what follows from the first says less
    ctx.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    liveness().end();
    session.linkDown(this);
    egress().release();
    coalescer.close();
    reader.close();
    ended.accept(cause == null ? "connection ended without a close frame" : cause);
  }

  private ChannelHandlerContext context() {
    return requireNonNull(context);
  }

  private LinkEgress egress() {
    return requireNonNull(egress);
  }

  private Liveness liveness() {
    return requireNonNull(liveness);
  }
}
