package etherws.node;

import etherws.bridge.Attachment;
import etherws.bridge.PortPolicy;
import etherws.control.PortStatus;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Something of a network that runs: a TAP, an uplink, a device, a stream. */
interface Running {
  PortStatus.Type type();

  /** Its port, or those of its connections. */
  List<Attachment> attachments();

  /** Whether something is at the other end. */
  default boolean isConnected() {
    return true;
  }

  /** A new policy for its port, or for all of its ports. */
  default void policy(PortPolicy policy) {
    attachments().forEach(port -> port.policy(policy));
  }

  /** Completes when it is of use for the first time; fails with what the operator should know. */
  default CompletableFuture<Void> up() {
    return CompletableFuture.completedFuture(null);
  }

  /** Lets frames in, where they have waited until now. */
  default void start() {}

  /** An address or a route of this host has changed. */
  default void networkChanged() {}

  /** Takes it out of the network and ends it; bounded in time. */
  void close();
}
