package etherws.control;

import etherws.capture.Capture;
import etherws.capture.CaptureFormat;
import etherws.capture.CapturedFrame;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;

/**
 * Writes captured frames to a connection until the reader has seen enough: it closes its way out,
 * and gets the end with what was lost. While it doesn't read, frames wait and die in the capture.
 */
final class CaptureStream extends ChannelInboundHandlerAdapter {
  private static final int CHUNK = 64 << 10;

  private final Capture capture;
  private final CaptureFormat format;
  private final long limit;
  private long written;
  private boolean finishing;
  private boolean ended;

  CaptureStream(Answer.Frames frames) {
    this.capture = frames.capture();
    this.format = frames.format();
    this.limit = frames.limit();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    if (!context.channel().isActive()) {
      capture.close();
      return;
    }
    HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, format.contentType())
        .set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED)
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    context.write(response);
    ByteBuf head = context.alloc().buffer();
    format.begin(head);
    context.writeAndFlush(new DefaultHttpContent(head));
    capture.onFrame(() -> context.executor().execute(() -> drain(context)));
    drain(context);
  }

  /** Takes what waits, as long as the connection takes it. */
  private void drain(ChannelHandlerContext context) {
    while (!ended && context.channel().isActive() && context.channel().isWritable()) {
      ByteBuf chunk = context.alloc().buffer();
      boolean more = fill(chunk);
      if (chunk.isReadable()) {
        context.writeAndFlush(new DefaultHttpContent(chunk));
      } else {
        chunk.release();
      }
      if ((limit > 0 && written == limit) || (finishing && !more)) {
        end(context);
      }
      if (!more) {
        return;
      }
    }
  }

  /** False when nothing waits any more. */
  private boolean fill(ByteBuf chunk) {
    while (chunk.readableBytes() < CHUNK && (limit == 0 || written < limit)) {
      CapturedFrame frame = capture.poll();
      if (frame == null) {
        return false;
      }
      format.frame(frame, chunk);
      written++;
    }
    return true;
  }

  private void end(ChannelHandlerContext context) {
    ended = true;
    capture.close();
    ByteBuf tail = context.alloc().buffer();
    format.end(tail);
    context
        .writeAndFlush(new DefaultLastHttpContent(tail))
        .addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    drain(context);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      finishing = true;
      capture.close();
      drain(context);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ReferenceCountUtil.release(message);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    capture.close();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }
}
