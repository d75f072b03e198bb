package etherws.tls;

import java.security.cert.CertificateException;
import org.jspecify.annotations.Nullable;

/** Carries the reason of {@link ServerVerifier} through the TLS engine to whoever explains it. */
final class CertificateRefused extends CertificateException {
  private static final long serialVersionUID = 1;

  private final transient TlsFailure failure;

  CertificateRefused(TlsFailure.Reason reason, String text, @Nullable Throwable cause) {
    super(text, cause);
    this.failure = new TlsFailure(reason, text);
  }

  TlsFailure failure() {
    return failure;
  }
}
