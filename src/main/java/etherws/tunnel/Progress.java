package etherws.tunnel;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Whether what waits in a channel moves on. Owned by the channel's event loop. */
final class Progress {
  /*
   * A peer that keeps its window shut acknowledges every probe, and as long as it sends, it lives: to
   * old kernels TCP_USER_TIMEOUT says nothing about it. But the octet that is next to go stays the
   * same: the same buffer at the head of the channel, and no more of it written.
   */
  static final long STUCK_AFTER = TimeUnit.SECONDS.toNanos(25);

  private @Nullable Object head;
  private long written;
  private long movedAt;

  /** To be asked about once a second. */
  boolean isStuck(Channel channel, long now) {
    ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
    Object current = waiting == null ? null : waiting.current();
    long progress = current == null ? 0 : waiting.currentProgress();
    if (current == null || current != head || progress != written) {
      head = current;
      written = progress;
      movedAt = now;
    }
    return now - movedAt >= STUCK_AFTER;
  }
}
