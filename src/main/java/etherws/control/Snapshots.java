package etherws.control;

import etherws.metrics.RefusalCounters;
import java.util.List;

/**
 * What a node is at the moment. Called on the control thread; each answer is immutable, and was
 * true at some instant during the call.
 */
public interface Snapshots {
  NodeStatus node();

  List<NetworkStatus> networks();

  /** By network and number. */
  List<PortStatus> ports();

  /** By network and number. */
  List<ClientStatus> clients();

  List<FdbEntry> fdb();

  /** Whom the hubs have turned away; counts on. */
  RefusalCounters refusals();
}
