package etherws.bridge;

import etherws.frame.EthernetFrame;
import etherws.metrics.PortCounters;
import etherws.testing.RecordingPort;
import java.util.List;

/** A port towards a hub, whose link comes and goes as the test likes. */
final class FakeUplink implements Port {
  private final RecordingPort port;
  private boolean connected = true;

  FakeUplink(String name) {
    port = new RecordingPort(name);
  }

  void connected(boolean connected) {
    this.connected = connected;
  }

  /** What has left by it since the last time. */
  List<byte[]> take() {
    return port.take();
  }

  @Override
  public String name() {
    return port.name();
  }

  @Override
  public boolean isUplink() {
    return true;
  }

  @Override
  public boolean isConnected() {
    return connected;
  }

  @Override
  public PortCounters counters() {
    return port.counters();
  }

  @Override
  public void offer(EthernetFrame frame) {
    port.offer(frame);
  }
}
