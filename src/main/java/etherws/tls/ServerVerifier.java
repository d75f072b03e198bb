package etherws.tls;

import static etherws.tls.CertificateNames.printable;

import etherws.tls.TlsFailure.Reason;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.Set;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Verifies that a certificate is valid now, leads to somebody trusted, and names the host. */
final class ServerVerifier implements Trust.Question {
  /*
   * The chain is the JDK's PKIX to judge. Two things are not left to it: it takes a certificate
   * that is itself trusted without a look at its dates, and its check of the host name falls back
   * to the subject's CN.
   */
  private final String host;
  private final Set<TrustAnchor> trusted;
  private final String howToTrust;
  private final InstantSource clock;

  /**
   * @param host the name or address dialled, bare
   * @param howToTrust what to do about a certificate that is not trusted; ends the error message
   */
  ServerVerifier(String host, Set<TrustAnchor> trusted, String howToTrust, InstantSource clock) {
    this.host = host;
    this.trusted = trusted;
    this.howToTrust = howToTrust;
    this.clock = clock;
  }

  @Override
  public void verify(X509Certificate[] chain, String authType) throws CertificateException {
    X509Certificate own = chain[0];
    Instant now = clock.instant();
    verifyDates(own, now);
    verifyTrust(chain, authType, now);
    verifyNames(CertificateNames.of(own));
  }

  private void verifyDates(X509Certificate own, Instant now) throws CertificateRefused {
    Instant begin = own.getNotBefore().toInstant();
    Instant end = own.getNotAfter().toInstant();
    if (now.isBefore(begin)) {
      throw refused(
          Reason.NOT_YET_VALID, "is valid only from %s: check the clocks".formatted(begin), null);
    }
    if (now.isAfter(end)) {
      throw refused(Reason.EXPIRED, "expired at %s: renew it on the server".formatted(end), null);
    }
  }

  private void verifyTrust(X509Certificate[] chain, String authType, Instant now)
      throws CertificateRefused {
    try {
      pkix(trusted, now).checkServerTrusted(chain, authType);
    } catch (CertificateException e) {
      throw refused(chain, e);
    } catch (GeneralSecurityException e) {
      throw refused(Reason.BAD_CERTIFICATE, "cannot be verified: " + e.getMessage(), e);
    }
  }

  /** The JDK's judgement of chains. */
  static X509TrustManager pkix(Set<TrustAnchor> trusted, Instant now)
      throws GeneralSecurityException {
    PKIXBuilderParameters parameters = new PKIXBuilderParameters(trusted, null);
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(now));
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(new CertPathTrustManagerParameters(parameters));
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager x509) {
        return x509;
      }
    }
    throw new GeneralSecurityException("no PKIX in this JDK");
  }

  private void verifyNames(CertificateNames names) throws CertificateRefused {
    if (names.isEmpty()) {
      throw refused(
          Reason.NO_NAMES,
          "has no subjectAltName, so it names no host: make one with 'subjectAltName'",
          null);
    }
    if (!names.cover(host)) {
      throw refused(Reason.WRONG_HOST, "is for %s, not for this host".formatted(names), null);
    }
  }

  /** Finds out which of the things that PKIX minds it was. */
  private CertificateRefused refused(X509Certificate[] chain, CertificateException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertPathBuilderException) {
        return untrusted(chain, e);
      }
      if (cause instanceof CertPathValidatorException path) {
        if (path.getReason() == BasicReason.EXPIRED) {
          return refused(Reason.EXPIRED, "comes from a CA that has expired: renew that", e);
        }
        if (path.getReason() == BasicReason.NOT_YET_VALID) {
          return refused(Reason.NOT_YET_VALID, "comes from a CA of later: check the clocks", e);
        }
      }
    }
    String what = "cannot be accepted: " + printable(String.valueOf(e.getMessage()));
    return refused(Reason.BAD_CERTIFICATE, what, e);
  }

  private CertificateRefused untrusted(X509Certificate[] chain, CertificateException e) {
    if (chain.length == 1 && isSelfSigned(chain[0])) {
      return refused(Reason.SELF_SIGNED, "is self-signed and not trusted here: " + howToTrust, e);
    }
    String issuer = printable(chain[chain.length - 1].getIssuerX500Principal().getName());
    String what = "comes from a CA that is not trusted here (%s): ".formatted(issuer) + howToTrust;
    return refused(Reason.UNKNOWN_CA, what, e);
  }

  private static boolean isSelfSigned(X509Certificate certificate) {
    try {
      certificate.verify(certificate.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private CertificateRefused refused(Reason reason, String what, @Nullable Throwable cause) {
    return new CertificateRefused(reason, "the certificate of " + host + " " + what, cause);
  }
}
