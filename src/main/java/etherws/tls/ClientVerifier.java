package etherws.tls;

import io.netty.handler.ssl.OpenSslCertificateException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Whether a client's certificate comes from one of our CAs, and is of now. */
final class ClientVerifier implements Trust.Question {
  /** X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY: BoringSSL tells the peer unknown_ca. */
  private static final int UNKNOWN_CA = 20;

  private final Set<TrustAnchor> trusted = new HashSet<>();
  private final InstantSource clock;

  private ClientVerifier(List<X509Certificate> cas, InstantSource clock) {
    cas.forEach(ca -> trusted.add(new TrustAnchor(ca, null)));
    this.clock = clock;
  }

  /** Trust in the clients of the CAs in a PEM file. */
  static Trust trust(Path file, InstantSource clock) throws TlsFileException {
    List<X509Certificate> cas = PemFile.read(file).certificates();
    return new Trust(new ClientVerifier(cas, clock), cas);
  }

  @Override
  public void verify(X509Certificate[] chain, String authType) throws CertificateException {
    try {
      ServerVerifier.pkix(trusted, clock.instant()).checkClientTrusted(chain, authType);
    } catch (GeneralSecurityException e) {
      throw new OpenSslCertificateException("not a client we know", e, UNKNOWN_CA);
    }
  }
}
