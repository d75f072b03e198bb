/**
 * The learning bridge: ports, forwarding database, flooding. Frames are forwarded on the thread
 * that brought them in; every structure here is shared by all ingress threads and says how. Knows
 * nothing of sockets, devices or WebSocket.
 */
@NullMarked
package etherws.bridge;

import org.jspecify.annotations.NullMarked;
