package etherws.stream;

import etherws.frame.Coalescer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: the only handler of its channel, on whose event loop all of it happens.
 *
 * <p>TCP segments that come in one after the other are put together, super-frames that go out are
 * segmented: peers speak plain frames.
 */
final class StreamLink extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(StreamLink.class);

  /** Who has connections, and a port for each. Called on the connection's loop. */
  interface Owner {
    /** A connection stands; null to have it closed. */
    @Nullable StreamPort linkUp(Channel channel);

    /** It is gone, for one reason in words. */
    void linkDown(StreamPort port, String cause);
  }

  private final Owner owner;
  private final StreamPort port;
  private final StreamReader reader;
  private final Coalescer coalescer;
  private final StreamEgress egress;
  private boolean deaf;
  private @Nullable String cause;

  private StreamLink(Owner owner, StreamPort port, Channel channel) {
    this.owner = owner;
    this.port = port;
    this.coalescer = new Coalescer(port.attachment()::receive);
    this.reader = new StreamReader(channel.alloc(), port.counters(), coalescer::offer);
    this.egress = new StreamEgress(channel, port.counters());
  }

  /** A handler that becomes a link as soon as its channel is connected. */
  static ChannelHandler waiting(Owner owner) {
    return new ChannelInboundHandlerAdapter() {
      @Override
      public void channelActive(ChannelHandlerContext ctx) {
        StreamPort port = owner.linkUp(ctx.channel());
        if (port == null) {
          ctx.close();
        } else {
          ctx.pipeline().replace(this, null, new StreamLink(owner, port, ctx.channel()));
        }
      }
    };
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    port.linkUp(egress);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf chunk = (ByteBuf) message;
    try {
      if (!deaf) {
        reader.read(chunk);
      }
    } catch (StreamException e) {
      deaf = true;
      cause = "bad input: " + e.getMessage();
      ctx.close();
    } finally {
      chunk.release();
    }
  }

  /** A batch of frames ends. */
  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    coalescer.flush();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable problem) {
    if (cause == null) { // what follows from the first says less
      cause = describe(problem);
    }
    ctx.close();
  }

  private static String describe(Throwable problem) {
    if (problem instanceof IOException) {
      return String.valueOf(problem.getMessage());
    }
    log.error("a bug ends this connection", problem);
    return "internal error";
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    port.linkDown();
    egress.release();
    coalescer.close();
    reader.close();
    owner.linkDown(port, cause == null ? "closed by peer" : cause);
  }
}
