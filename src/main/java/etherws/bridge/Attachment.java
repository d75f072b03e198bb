package etherws.bridge;

import etherws.frame.EthernetFrame;

/** A port's place in a bridge: where its frames come in and what it may do. */
public final class Attachment {
  private final Bridge bridge;
  private final Port port;
  private volatile PortPolicy policy;

  Attachment(Bridge bridge, Port port, PortPolicy policy) {
    this.bridge = bridge;
    this.port = port;
    this.policy = policy;
  }

  public Port port() {
    return port;
  }

  public PortPolicy policy() {
    return policy;
  }

  /** Changes what the port may do, from its next frame on. Any thread. */
  public void policy(PortPolicy policy) {
    this.policy = policy;
  }

  /**
   * One frame in, on the port's ingress thread: learned, then forwarded to the port that knows its
   * destination, or flooded to all others. The frame is done with on return.
   */
  public void receive(EthernetFrame frame) {
    bridge.receive(port, frame);
  }

  /**
   * Takes the port out of the bridge and forgets its addresses. Idempotent. Call on the port's
   * ingress thread, once it is quiet.
   */
  public void detach() {
    bridge.detach(port);
  }
}
