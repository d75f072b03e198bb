package etherws.bridge;

import etherws.frame.EthernetFrame;
import etherws.frame.MacAddress;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One learning bridge: what comes in on a port leaves by the port that knows it, or by all others.
 */
public final class Bridge {
  /*
   * receive runs on every ingress thread at once and takes no lock. The ports are a copy-on-write
   * array: a frame is forwarded among the ports that were attached when it arrived.
   */
  private final Fdb fdb;
  private volatile Port[] ports = {};

  public Bridge(BridgeSettings settings, LongSupplier nanoTime) {
    this.fdb = new Fdb(settings, nanoTime);
  }

  /** Adds a port, which may get frames from now on. */
  public synchronized Attachment attach(Port port, PortPolicy policy) {
    Port[] more = Arrays.copyOf(ports, ports.length + 1);
    more[ports.length] = port;
    ports = more;
    return new Attachment(this, port, policy);
  }

  synchronized void detach(Port port) {
    ports = Arrays.stream(ports).filter(p -> p != port).toArray(Port[]::new);
    fdb.forget(port);
  }

  public List<Port> ports() {
    return List.of(ports);
  }

  /** Addresses the bridge knows at the moment. */
  public int fdbSize() {
    return fdb.size();
  }

  void receive(Port ingress, EthernetFrame frame) {
    ingress.counters().ingress(frame.length());
    int vid = frame.vid();
    fdb.learn(vid, frame.source(), ingress);
    Port egress = egressOf(vid, frame.destination());
    if (egress == null) {
      flood(ingress, frame);
    } else if (egress != ingress) {
      egress.offer(frame);
    }
  }

  private @Nullable Port egressOf(int vid, long destination) {
    return MacAddress.isGroup(destination) ? null : fdb.lookup(vid, destination);
  }

  private void flood(Port ingress, EthernetFrame frame) {
    Port[] all = ports;
    boolean several = all.length > 2;
    if (several) {
      frame.share();
    }
    for (Port port : all) {
      if (port != ingress) {
        port.offer(frame);
      }
    }
    if (several) {
      frame.shared();
    }
  }
}
