package etherws.tls;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The certificates a client believes, be they CAs or the server's own. */
final class TrustedCas {
  /** Where Debian's ca-certificates puts what every other program on the machine trusts. */
  private static final Path SYSTEM = Path.of("/etc/ssl/certs/ca-certificates.crt");

  private static final Logger log = LoggerFactory.getLogger(TrustedCas.class);

  private TrustedCas() {}

  static Set<TrustAnchor> in(Path cacerts) throws TlsFileException {
    return anchors(PemFile.read(cacerts).certificates());
  }

  /** The machine's store, else the one that came with the JDK. */
  static Set<TrustAnchor> ofSystem() throws TlsFileException {
    return Files.exists(SYSTEM) ? readable(PemFile.read(SYSTEM)) : ofJdk();
  }

  /** One odd CA in the machine's store must not lock out all others: it is passed over. */
  private static Set<TrustAnchor> readable(PemFile file) {
    List<X509Certificate> certificates = new ArrayList<>();
    for (PemBlock block : file.blocks()) {
      try {
        certificates.add(PemFile.certificate(block));
      } catch (CertificateException e) {
        log.debug("{}: passed over a CA that Java cannot read", file.path(), e);
      }
    }
    return anchors(certificates);
  }

  static Set<TrustAnchor> ofJdk() {
    Set<TrustAnchor> anchors = new HashSet<>();
    try {
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init((@Nullable KeyStore) null);
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509TrustManager x509) {
          anchors.addAll(anchors(List.of(x509.getAcceptedIssuers())));
        }
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK cannot read its own cacerts", e);
    }
    return anchors;
  }

  private static Set<TrustAnchor> anchors(Collection<X509Certificate> certificates) {
    Set<TrustAnchor> anchors = new HashSet<>();
    for (X509Certificate certificate : certificates) {
      anchors.add(new TrustAnchor(certificate, null));
    }
    return anchors;
  }
}
