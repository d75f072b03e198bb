package etherws.testing;

import etherws.bridge.Port;
import etherws.frame.EthernetFrame;
import etherws.metrics.PortCounters;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.List;

/** A port that keeps what it is offered. */
public final class RecordingPort implements Port {
  private final String name;
  private final PortCounters counters = new PortCounters();
  private final List<byte[]> frames = new ArrayList<>();

  public RecordingPort(String name) {
    this.name = name;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public PortCounters counters() {
    return counters;
  }

  @Override
  public synchronized void offer(EthernetFrame frame) {
    frames.add(ByteBufUtil.getBytes(frame.buffer(), frame.start(), frame.length()));
    counters.egress(frame.length());
  }

  public synchronized List<byte[]> frames() {
    return List.copyOf(frames);
  }
}
