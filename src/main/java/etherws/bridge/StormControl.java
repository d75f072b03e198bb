package etherws.bridge;

import etherws.frame.EthernetFrame;
import etherws.frame.MacAddress;
import etherws.metrics.DropReason;
import org.jspecify.annotations.Nullable;

/** {@link StormRates} at work: asked for every frame of a port that is to be flooded. */
final class StormControl {
  private final @Nullable TokenBucket broadcast;
  private final @Nullable TokenBucket multicast;
  private final @Nullable TokenBucket unknownUnicast;

  StormControl(StormRates rates, long now) {
    this.broadcast = bucket(rates.broadcast(), now);
    this.multicast = bucket(rates.multicast(), now);
    this.unknownUnicast = bucket(rates.unknownUnicast(), now);
  }

  private static @Nullable TokenBucket bucket(int rate, long now) {
    return rate == 0 ? null : new TokenBucket(rate, rate, now);
  }

  @Nullable DropReason deny(EthernetFrame frame, long destination, long now) {
    if (!MacAddress.isGroup(destination)) {
      return deny(unknownUnicast, frame, now, DropReason.UNKNOWN_STORM);
    }
    return destination == MacAddress.BROADCAST
        ? deny(broadcast, frame, now, DropReason.BROADCAST_STORM)
        : deny(multicast, frame, now, DropReason.MULTICAST_STORM);
  }

  private static @Nullable DropReason deny(
      @Nullable TokenBucket bucket, EthernetFrame frame, long now, DropReason reason) {
    return bucket == null || bucket.take(frame.segments(), now) ? null : reason;
  }
}
