package etherws.tls;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What a listener shows to its peers.
 *
 * @param keyFile the private key, PEM, encrypted or not
 * @param certFile its certificate first, then the CAs between it and the root; may be keyFile
 * @param handshakeTimeout how long a peer may take to finish the handshake
 */
public record ServerTlsSettings(Path keyFile, Path certFile, Duration handshakeTimeout) {
  public ServerTlsSettings(Path keyFile, Path certFile) {
    this(keyFile, certFile, TlsProfile.HANDSHAKE_TIMEOUT);
  }
}
