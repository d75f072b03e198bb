package etherws.tls;

import etherws.tls.TlsFailure.Reason;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Set;

/** After whatever else is verified: that the server's own key is one that is pinned. */
final class PinVerifier implements Trust.Question {
  private final String host;
  private final Trust.Question first;
  private final Set<Pin> pins;

  PinVerifier(String host, Trust.Question first, Set<Pin> pins) {
    this.host = host;
    this.first = first;
    this.pins = pins;
  }

  @Override
  public void verify(X509Certificate[] chain, String authType) throws CertificateException {
    first.verify(chain, authType);
    Pin pin = Pin.of(chain[0]);
    if (!pins.contains(pin)) {
      throw new CertificateRefused(
          Reason.WRONG_PIN,
          "the key of %s is not pinned, its pin is %s: give that if the server has a new key; if not, somebody is in between"
              .formatted(host, pin),
          null);
    }
  }
}
