package etherws.node;

import etherws.bridge.Attachment;
import etherws.control.PortStatus;
import etherws.tunnel.Peer;
import org.jspecify.annotations.Nullable;

/**
 * One port of a running network, as people ask for it.
 *
 * @param connected whether something is at the other end
 * @param peer who has dialled in; null for any other type
 */
record NetworkPort(
    Network network,
    Attachment attachment,
    PortStatus.Type type,
    boolean connected,
    @Nullable Peer peer) {}
