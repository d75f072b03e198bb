package etherws.testing;

import etherws.bridge.Port;
import etherws.frame.EthernetFrame;
import etherws.metrics.PortCounters;
import io.netty.buffer.ByteBufUtil;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A port that keeps what it is offered. */
public final class RecordingPort implements Port {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final String name;
  private final String owner;
  private final PortCounters counters = new PortCounters();
  private final List<byte[]> frames = new ArrayList<>();

  public RecordingPort(String name) {
    this(name, name);
  }

  public RecordingPort(String name, String owner) {
    this.name = name;
    this.owner = owner;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String owner() {
    return owner;
  }

  @Override
  public PortCounters counters() {
    return counters;
  }

  @Override
  public synchronized void offer(EthernetFrame frame) {
    frames.add(ByteBufUtil.getBytes(frame.buffer(), frame.start(), frame.length()));
    counters.egress(frame.length());
    notifyAll();
  }

  public synchronized List<byte[]> frames() {
    return List.copyOf(frames);
  }

  /** What has come since the last time. */
  public synchronized List<byte[]> take() {
    List<byte[]> taken = List.copyOf(frames);
    frames.clear();
    return taken;
  }

  /** Waits until {@code count} frames are here; fails when they don't come. */
  public synchronized List<byte[]> await(int count) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (frames.size() < count) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        throw new AssertionError(frames.size() + " frames came, not " + count);
      }
      wait(left);
    }
    return frames();
  }
}
