package etherws.node;

import etherws.bridge.Attachment;
import etherws.bridge.PortPolicy;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Something of a network that runs: a TAP, an uplink, a device, a stream. */
interface Running {
  /** {@code tap}, {@code uplink}, {@code netdev} or {@code stream}. */
  String type();

  /** Its port, or those of its connections. */
  List<Attachment> attachments();

  /** A new policy for its port, or for all of its ports. */
  void policy(PortPolicy policy);

  /** Completes when it is of use for the first time; fails with what the operator should know. */
  default CompletableFuture<Void> up() {
    return CompletableFuture.completedFuture(null);
  }

  /** Takes it out of the network and ends it; bounded in time. */
  void close();
}
