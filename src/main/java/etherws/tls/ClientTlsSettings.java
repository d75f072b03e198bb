package etherws.tls;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Whom a dialler talks to, and whom it believes.
 *
 * @param host a DNS name or an IP literal, in brackets or not, as the URI has it
 * @param cacerts the CAs to trust, PEM, or the server's own certificate; null for the system's
 * @param insecure accept any certificate; whoever sets it warns the operator
 * @param handshakeTimeout how long the server may take to finish the handshake
 */
public record ClientTlsSettings(
    String host, int port, @Nullable Path cacerts, boolean insecure, Duration handshakeTimeout) {
  public ClientTlsSettings(String host, int port, @Nullable Path cacerts, boolean insecure) {
    this(host, port, cacerts, insecure, TlsProfile.HANDSHAKE_TIMEOUT);
  }
}
