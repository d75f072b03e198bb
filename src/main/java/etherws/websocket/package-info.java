/**
 * RFC 6455 bytes of the data phase: header, mask, reader, writer, close codes. Each reader and
 * writer belongs to one event loop. Knows nothing of frames, bridges or HTTP.
 */
@NullMarked
package etherws.websocket;

import org.jspecify.annotations.NullMarked;
