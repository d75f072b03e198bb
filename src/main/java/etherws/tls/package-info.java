/**
 * Keys, certificates and Netty's SslContext: reading PEM, building, reloading, checking names.
 * Knows nothing of frames.
 */
@NullMarked
package etherws.tls;

import org.jspecify.annotations.NullMarked;
