package etherws.bridge;

import etherws.frame.EthernetFrame;
import etherws.metrics.PortCounters;

/** A place where frames enter and leave the bridge: a TAP device, a tunnel session, a capture. */
public interface Port {
  /** Stable for the life of the port; the label in logs, metrics and {@code status}. */
  String name();

  /**
   * Whose it is: an address may move between ports of one owner at once, where others must wait
   * until it has been silent ({@link PortPolicy#stealHold}).
   */
  default String owner() {
    return name();
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
