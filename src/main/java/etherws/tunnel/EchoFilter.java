package etherws.tunnel;

import etherws.frame.EthernetFrame;
import etherws.frame.MacAddress;
import java.util.concurrent.TimeUnit;

/**
 * Recognises our own group-addressed frames when a server sends them back, as websockproxy does.
 * Learned, such an echo would move our addresses to the tunnel.
 *
 * <p>Owned by the link's event loop.
 */
final class EchoFilter {
  /*
   * The last SIZE group-addressed frames that went out, as hashes with the time. A match is used up:
   * a server echoes a frame once. Any other frame with our source address is left to the bridge, for
   * which it is a host that has moved.
   */
  private static final int SIZE = 256;
  private static final long MEMORY_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final long[] hashes = new long[SIZE];
  private final long[] sentAt = new long[SIZE];
  private int next;

  void sent(EthernetFrame frame, long now) {
    if (MacAddress.isGroup(frame.destination())) {
      hashes[next] = hash(frame);
      sentAt[next] = now;
      next = (next + 1) % SIZE;
    }
  }

  /** True if this frame is one of ours that came back. */
  boolean isEcho(EthernetFrame frame, long now) {
    if (!MacAddress.isGroup(frame.destination())) {
      return false;
    }
    long hash = hash(frame);
    for (int i = 0; i < SIZE; i++) {
      if (hashes[i] == hash && now - sentAt[i] < MEMORY_NANOS) {
        hashes[i] = 0;
        return true;
      }
    }
    return false;
  }

  /** Never 0, which marks an empty place. */
  private static long hash(EthernetFrame frame) {
    long hash = frame.length();
    int end = frame.start() + frame.length();
    for (int i = frame.start(); i < end; i++) {
      hash = hash * 0x100_0000_01b3L ^ frame.buffer().getByte(i);
    }
    return hash | 1;
  }
}
