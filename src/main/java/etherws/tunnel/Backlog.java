package etherws.tunnel;

import io.netty.channel.Channel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollSocketChannel;
import java.util.concurrent.TimeUnit;

/**
 * Bounds what waits behind the send queue, in the channel and unsent in its socket: what is there
 * can't be reordered, dropped or overtaken any more. Owned by the link's event loop.
 */
final class Backlog {
  /*
   * A fast link needs a lot at hand, or the sender has to wake up too often; on a slow one the same
   * octets take a long time. So the bound is what the link sends in HORIZON. Its rate shows while
   * the channel is over its watermark: how long what is above takes to go.
   */
  static final int MIN_OCTETS = 16 * 1024;
  static final int MAX_OCTETS = 128 * 1024;

  private static final long HORIZON = TimeUnit.MILLISECONDS.toNanos(2);

  /** Of a new sample in the estimate, 1 / WEIGHT. */
  private static final int WEIGHT = 4;

  private final Channel channel;
  private int bound = MAX_OCTETS;
  private double octetsPerHorizon = MAX_OCTETS;
  private long fullSince;
  private long excess;

  Backlog(Channel channel) {
    this.channel = channel;
  }

  /** The channel is over its watermark. */
  void full(long now) {
    fullSince = now;
    excess = channel.bytesBeforeWritable();
  }

  /** The channel is writable again. */
  void drained(long now) {
    if (excess == 0) {
      return;
    }
    double sample = (double) excess * HORIZON / Math.max(1, now - fullSince);
    excess = 0;
    octetsPerHorizon += (Math.min(sample, MAX_OCTETS) - octetsPerHorizon) / WEIGHT;
    int wanted = rounded(octetsPerHorizon);
    if (Math.abs(wanted - bound) > bound / 4 || (wanted != bound && isExtreme(wanted))) {
      set(wanted);
    }
  }

  /** Memory is short: as little as may be, until the link shows again what it can send. */
  void shrink() {
    if (bound > MIN_OCTETS) {
      octetsPerHorizon = MIN_OCTETS;
      set(MIN_OCTETS);
    }
  }

  private static int rounded(double octets) {
    return octets > 0.9 * MAX_OCTETS ? MAX_OCTETS : Math.max(MIN_OCTETS, (int) octets);
  }

  private static boolean isExtreme(int octets) {
    return octets == MIN_OCTETS || octets == MAX_OCTETS;
  }

  /** Octets, in the channel and in the socket each. */
  int bound() {
    return bound;
  }

  private void set(int octets) {
    bound = octets;
    channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(octets / 2, octets));
    if (channel instanceof EpollSocketChannel socket) {
      socket.config().setTcpNotSentLowAt(octets);
    }
  }
}
