package etherws.tap;

import etherws.bridge.Port;
import etherws.frame.EthernetFrame;
import etherws.metrics.PortCounters;
import io.netty.buffer.ByteBufUtil;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A port that keeps a copy of every frame it is offered. */
final class RecordingPort implements Port {
  private final PortCounters counters = new PortCounters();
  private final BlockingQueue<byte[]> frames = new LinkedBlockingQueue<>();

  @Override
  public String name() {
    return "recording";
  }

  @Override
  public PortCounters counters() {
    return counters;
  }

  @Override
  public void offer(EthernetFrame frame) {
    frames.add(ByteBufUtil.getBytes(frame.buffer(), frame.start(), frame.length()));
  }

  /** The next frame, which must come. */
  byte[] next() throws InterruptedException {
    byte[] frame = frames.poll(5, TimeUnit.SECONDS);
    if (frame == null) {
      throw new AssertionError("no frame came");
    }
    return frame;
  }
}
