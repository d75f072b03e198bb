package etherws.control;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.util.concurrent.TimeUnit;

/** Ends a connection whose request doesn't come in time; it may take its answer slowly. */
final class Patience extends ReadTimeoutHandler {
  private static final int SECONDS = 10;

  Patience() {
    super(SECONDS, TimeUnit.SECONDS);
  }

  /** The request is here. */
  static void over(ChannelHandlerContext context) {
    context.pipeline().remove(Patience.class);
  }
}
