package etherws.tls;

import static etherws.tls.CertificateNames.printable;

import etherws.tls.TlsFailure.Reason;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.io.IOException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Tells handshake failures apart, of both engines. */
final class HandshakeFailures {
  /*
   * Alerts reach us only as text. BoringSSL writes them as TLSV1_ALERT_PROTOCOL_VERSION, the JDK
   * as "Received fatal alert: protocol_version".
   */
  private HandshakeFailures() {}

  static TlsFailure explain(Throwable cause, String server) {
    CertificateRefused refused = find(CertificateRefused.class, cause);
    if (refused != null) {
      return refused.failure();
    }
    if (find(NotSslRecordException.class, cause) != null) {
      return new TlsFailure(
          Reason.NOT_TLS, server + " does not speak TLS: use ws: instead of wss:, or its TLS port");
    }
    if (find(SslHandshakeTimeoutException.class, cause) != null) {
      return new TlsFailure(
          Reason.NO_ANSWER, server + " did not finish the TLS handshake in time: is TLS there?");
    }
    String text = text(cause);
    if (isOldTls(text)) {
      return new TlsFailure(
          Reason.OLD_TLS, server + " has neither TLS 1.3 nor 1.2: renew the software there");
    }
    if (asksForCertificate(text)) {
      return new TlsFailure(
          Reason.REFUSED,
          server
              + " lets in only clients with a certificate it knows: give one with --certfile and"
              + " --keyfile");
    }
    if (isNothingInCommon(cause)) {
      return new TlsFailure(
          Reason.REFUSED,
          server + " refused the TLS handshake: no cipher suite or signature in common");
    }
    if (isClosed(cause)) {
      return new TlsFailure(
          Reason.NO_ANSWER, server + " hung up during the TLS handshake: is TLS there?");
    }
    return new TlsFailure(
        Reason.REFUSED, "the TLS handshake with " + server + " failed: " + printable(text));
  }

  /** True for the alert of a server that found no cipher suite or signature to agree on. */
  static boolean isNothingInCommon(Throwable cause) {
    return text(cause).toLowerCase(Locale.ROOT).contains("alert_handshake_failure")
        || text(cause).contains("alert: handshake_failure");
  }

  private static boolean asksForCertificate(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return lower.contains("certificate_required")
        || lower.contains("alert_bad_certificate")
        || lower.contains("alert_unknown_ca")
        || lower.contains("alert_certificate_unknown")
        || lower.contains("alert: bad_certificate")
        || lower.contains("alert: unknown_ca")
        || lower.contains("alert: certificate_unknown");
  }

  private static boolean isOldTls(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return lower.contains("protocol_version")
        || lower.contains("unsupported_protocol")
        || lower.contains("selected protocol version");
  }

  private static boolean isClosed(Throwable cause) {
    return find(SSLException.class, cause) == null && find(IOException.class, cause) != null;
  }

  private static String text(Throwable cause) {
    StringBuilder text = new StringBuilder();
    for (Throwable t = cause; t != null; t = t.getCause()) {
      if (t.getMessage() != null) {
        text.append(text.isEmpty() ? "" : ": ").append(t.getMessage());
      }
    }
    return text.toString();
  }

  private static <T> @Nullable T find(Class<T> type, Throwable cause) {
    for (Throwable t = cause; t != null; t = t.getCause()) {
      if (type.isInstance(t)) {
        return type.cast(t);
      }
    }
    return null;
  }
}
