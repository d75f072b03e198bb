package etherws.stream;

import etherws.bridge.Attachment;
import etherws.bridge.Bridge;
import etherws.bridge.Port;
import etherws.bridge.PortPolicy;
import etherws.frame.EthernetFrame;
import etherws.metrics.DropReason;
import etherws.metrics.PortCounters;
import org.jspecify.annotations.Nullable;

/**
 * The port of one peer: its name, its counters, its place in the bridge. One that we connect to
 * keeps them from connection to connection.
 */
final class StreamPort implements Port {
  private final String name;
  private final Attachment attachment;
  private final PortCounters counters = new PortCounters();
  private volatile @Nullable StreamEgress egress;

  /** Without a connection yet; attached to the bridge at once. */
  StreamPort(String name, Bridge bridge, PortPolicy policy) {
    this.name = name;
    this.attachment = bridge.attach(this, policy);
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
  public void offer(EthernetFrame frame) {
    StreamEgress current = egress;
    if (current == null) {
      counters.drop(DropReason.LINK_DOWN);
    } else {
      current.send(frame);
    }
  }

  void linkUp(StreamEgress egress) {
    this.egress = egress;
  }

  void linkDown() {
    egress = null;
  }

  Attachment attachment() {
    return attachment;
  }

  /** Leaves the bridge. */
  void close() {
    egress = null;
    attachment.detach();
  }
}
