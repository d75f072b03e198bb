package etherws.bridge;

import etherws.frame.EthernetFrame;

/** Watches the frames of one port, as a capture does. */
@FunctionalInterface
public interface FrameObserver {
  /** Named from the bridge. */
  enum Direction {
    INGRESS,
    EGRESS
  }

  /**
   * A frame that has come in, before the policy is asked, or that is about to be offered to the
   * port. On the frame's thread, several at once; must neither block nor change or keep the frame.
   */
  void frame(Direction direction, EthernetFrame frame);
}
