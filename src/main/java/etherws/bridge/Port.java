package etherws.bridge;

import etherws.frame.EthernetFrame;
import etherws.metrics.PortCounters;

/** A place where frames enter and leave the bridge: a TAP device, a tunnel session, a capture. */
public interface Port {
  /** Stable for the life of the port; the label in logs, metrics and {@code status}. */
  String name();

  /** Ports of the same owner may take each other's addresses: somebody who has come back. */
  default String owner() {
    return name();
  }

  /**
   * Whether it leads to another bridge that looks for loops on its side. A bridge with one uplink
   * sends no probes there, which would go to everybody.
   */
  default boolean isUplink() {
    return false;
  }

  /** Whether something is at the other end; only uplinks need to know. Any thread. */
  default boolean isConnected() {
    return true;
  }

  /** The MTU of the device behind it; 0 if there is none. */
  default int mtu() {
    return 0;
  }

  /** Ingress is counted by the bridge, egress and drops by the port itself. */
  PortCounters counters();

  /**
   * Offers one frame for transmission, on any thread. Never blocks and never throws. The frame is
   * valid only during the call: a port that queues it copies it, or retains its buffer if the frame
   * has {@link EthernetFrame#headroom}. A port that drops it counts the reason.
   */
  void offer(EthernetFrame frame);
}
