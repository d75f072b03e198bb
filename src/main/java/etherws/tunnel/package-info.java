/**
 * Frames between the bridge and WebSocket links: hub, spoke, session, link, send queue, keepalive,
 * reconnect, peer quirks. Netty pipelines live here; a link and all its state belong to its event
 * loop.
 */
@NullMarked
package etherws.tunnel;

import org.jspecify.annotations.NullMarked;
