package etherws.control;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.concurrent.TimeUnit;

/** Puts requests together, as long as they are of a reasonable size. */
final class RequestBodies extends HttpObjectAggregator {
  static final int MAX_LENGTH = 64 << 10;
  private static final int PATIENCE_SECONDS = 10;

  RequestBodies() {
    super(MAX_LENGTH);
  }

  @Override
  protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage message) {
    byte[] octets =
        Json.write(new Answer.Problem("the body is too long", "at most " + MAX_LENGTH + " octets"));
    var response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
            Unpooled.wrappedBuffer(octets));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
        .set(HttpHeaderNames.CONTENT_LENGTH, octets.length)
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    // To close now would reset the connection under the rest of the body, and lose the answer.
    context
        .writeAndFlush(response)
        .addListener(_ -> ((DuplexChannel) context.channel()).shutdownOutput());
    context.executor().schedule(() -> context.close(), PATIENCE_SECONDS, TimeUnit.SECONDS);
  }
}
