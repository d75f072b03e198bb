/**
 * Keys, certificates and Netty's SslContext: reading PEM, building, reloading, checking names.
 * Contexts are immutable and shared by all event loops; reading files and asking for passphrases
 * blocks, so it happens on other threads. Knows nothing of frames.
 */
@NullMarked
package etherws.tls;

import org.jspecify.annotations.NullMarked;
