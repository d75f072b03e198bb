package etherws.tls;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a listener shows to its peers, and what it asks of them.
 *
 * @param keyFile the private key, PEM, encrypted or not
 * @param certFile its certificate first, then the CAs between it and the root; may be keyFile
 * @param clientCa the CAs, PEM, by one of which every peer must prove who it is; null asks no peer
 *     for a certificate
 * @param handshakeTimeout how long a peer may take to finish the handshake
 */
public record ServerTlsSettings(
    Path keyFile, Path certFile, @Nullable Path clientCa, Duration handshakeTimeout) {
  /** One that asks no peer for a certificate. */
  public ServerTlsSettings(Path keyFile, Path certFile) {
    this(keyFile, certFile, null);
  }

  public ServerTlsSettings(Path keyFile, Path certFile, @Nullable Path clientCa) {
    this(keyFile, certFile, clientCa, TlsProfile.HANDSHAKE_TIMEOUT);
  }
}
