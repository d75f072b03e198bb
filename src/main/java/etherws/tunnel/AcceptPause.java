package etherws.tunnel;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a listener does when it can't accept, because no descriptor or memory is left: it leaves
 * peers waiting in the kernel for a moment, and those who are in alone. One per listener.
 */
final class AcceptPause extends ChannelInboundHandlerAdapter {
  /*
   * A listener whose accept fails stays readable, so without a pause its loop would do nothing but
   * try. Netty's own pause is a second, too long for peers that wait.
   */
  private static final Logger log = LoggerFactory.getLogger(AcceptPause.class);
  private static final long PAUSE_MILLIS = 250;
  private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

  private long quietUntil;
  private boolean complained;

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable problem) {
    complain(ctx, problem);
    ChannelConfig config = ctx.channel().config();
    if (config.isAutoRead()) {
      config.setAutoRead(false);
      ctx.executor().schedule(() -> config.setAutoRead(true), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** Once a minute at most. */
  private void complain(ChannelHandlerContext ctx, Throwable problem) {
    long now = ctx.executor().ticker().nanoTime();
    if (!complained || now - quietUntil >= 0) {
      complained = true;
      quietUntil = now + QUIET_NANOS;
      log.warn(
          "{} lets nobody in for now: {}; if it is files, raise the limit: ulimit -n, or systemd's"
              + " LimitNOFILE",
          ctx.channel().localAddress(),
          Fault.describe(problem, log));
    }
  }
}
