package etherws.tls;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Whom a dialler talks to, and whom it believes.
 *
 * @param host a DNS name or an IP literal, in brackets or not, as the URI has it
 * @param cacerts the CAs to trust, PEM, or the server's own certificate; null for the system's
 * @param keyFile our own private key, PEM, for a server that asks who we are; null is none
 * @param certFile its certificate and chain; null with keyFile
 * @param insecure accept any certificate; whoever sets it warns the operator
 * @param handshakeTimeout how long the server may take to finish the handshake
 */
public record ClientTlsSettings(
    String host,
    int port,
    @Nullable Path cacerts,
    @Nullable Path keyFile,
    @Nullable Path certFile,
    boolean insecure,
    Duration handshakeTimeout) {
  /** One that shows no certificate of its own. */
  public ClientTlsSettings(String host, int port, @Nullable Path cacerts, boolean insecure) {
    this(host, port, cacerts, null, null, insecure);
  }

  public ClientTlsSettings(
      String host,
      int port,
      @Nullable Path cacerts,
      @Nullable Path keyFile,
      @Nullable Path certFile,
      boolean insecure) {
    this(host, port, cacerts, keyFile, certFile, insecure, TlsProfile.HANDSHAKE_TIMEOUT);
  }
}
