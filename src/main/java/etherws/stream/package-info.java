/**
 * Ports on byte streams, TCP or UNIX, as QEMU's {@code -netdev stream} and passt speak: a frame
 * behind its length in 32 bits, big-endian. Each connection belongs to one event loop.
 */
@NullMarked
package etherws.stream;

import org.jspecify.annotations.NullMarked;
