package etherws.netdev;

import etherws.bridge.Port;
import etherws.frame.EthernetFrame;
import etherws.frame.Offload;
import etherws.metrics.PortCounters;
import io.netty.buffer.ByteBufUtil;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A port that keeps what it is offered, with what was left to be done. */
final class Witness implements Port {
  private final PortCounters counters = new PortCounters();
  private final BlockingQueue<Seen> frames = new LinkedBlockingQueue<>();

  /** A frame as a port is offered it. */
  record Seen(String octets, Offload offload, int segmentSize) {
    static Seen of(EthernetFrame frame) {
      String octets = ByteBufUtil.hexDump(frame.buffer(), frame.start(), frame.length());
      return new Seen(octets, frame.offload(), frame.segmentSize());
    }

    static Seen plain(byte[] octets) {
      return new Seen(ByteBufUtil.hexDump(octets), Offload.NONE, 0);
    }
  }

  @Override
  public String name() {
    return "witness";
  }

  @Override
  public PortCounters counters() {
    return counters;
  }

  @Override
  public void offer(EthernetFrame frame) {
    frames.add(Seen.of(frame));
  }

  /** The next frame, which must come. */
  Seen next() throws InterruptedException {
    Seen frame = frames.poll(5, TimeUnit.SECONDS);
    if (frame == null) {
      throw new AssertionError("no frame came");
    }
    return frame;
  }
}
