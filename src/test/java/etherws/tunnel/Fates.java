package etherws.tunnel;

import etherws.frame.EthernetFrame;
import etherws.frame.Offload;
import etherws.frame.PlainFrames;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** What has to become of the frames that two peers send, worked out apart from the server. */
final class Fates {
  private static final int MTU = 1500;

  private final Set<String> expected = new LinkedHashSet<>();
  private final Map<String, Long> drops = new HashMap<>();
  private int sent;

  /**
   * A frame of at least 14 octets, and what its sender says of it. True if the kernel has to get
   * it; fails if it may get something that no host would take.
   */
  boolean of(int type, int segmentSize, byte[] octets) {
    sent++;
    if (octets.length > EthernetFrame.MAX_LENGTH) {
      return dropped("giant", 1);
    }
    EthernetFrame frame = new EthernetFrame();
    Offload offload = Offload.of(type);
    boolean good =
        frame.wrap(Unpooled.copiedBuffer(octets), 0, octets.length)
            && offload != null
            && frame.offload(offload, segmentSize)
            && WireRecord.carries(frame);
    if (!good) {
      return dropped("offload", 1);
    }
    PlainFrames.of(frame); // judges it
    if (frame.isSuperFrame() && frame.segmentMtu() > MTU) {
      return false; // a drop of the TAP's
    }
    expected.add(ByteBufUtil.hexDump(frame.buffer(), 0, octets.length));
    return true;
  }

  /** So many frames more are drops of the peers'. False. */
  boolean dropped(String reason, long count) {
    drops.merge(reason, count, Long::sum);
    return false;
  }

  /** The frames for the kernel, in hex. */
  Set<String> expected() {
    return expected;
  }

  Map<String, Long> drops() {
    return drops;
  }

  /** How many were judged. */
  int sent() {
    return sent;
  }
}
