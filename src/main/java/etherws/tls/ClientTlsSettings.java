package etherws.tls;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whom a dialler talks to, and whom it believes.
 *
 * @param host a DNS name or an IP literal, in brackets or not, as the URI has it
 * @param cacerts the CAs to trust, PEM, or the server's own certificate; null for the system's
 * @param keyFile our own private key, PEM, for a server that asks who we are; null is none
 * @param certFile its certificate and chain; null with keyFile
 * @param insecure accept any certificate, of a pinned key if there are pins; without, whoever sets
 *     it warns the operator
 * @param pins the keys that the server may have; empty for any
 * @param handshakeTimeout how long the server may take to finish the handshake
 */
public record ClientTlsSettings(
    String host,
    int port,
    @Nullable Path cacerts,
    @Nullable Path keyFile,
    @Nullable Path certFile,
    boolean insecure,
    Set<Pin> pins,
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
    this(host, port, cacerts, keyFile, certFile, insecure, Set.of());
  }

  public ClientTlsSettings(
      String host,
      int port,
      @Nullable Path cacerts,
      @Nullable Path keyFile,
      @Nullable Path certFile,
      boolean insecure,
      Set<Pin> pins) {
    this(host, port, cacerts, keyFile, certFile, insecure, pins, TlsProfile.HANDSHAKE_TIMEOUT);
  }
}
