package etherws.tls;

import java.util.Map;

/**
 * What stands between one BEGIN line and its END line (RFC 7468, RFC 1421).
 *
 * @param label the words after BEGIN: {@code RSA PRIVATE KEY}
 * @param headers {@code Proc-Type}, {@code DEK-Info}; mostly none
 * @param octets the Base64, decoded
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never shared
record PemBlock(String label, Map<String, String> headers, byte[] octets) {
  boolean isPrivateKey() {
    return label.endsWith("PRIVATE KEY");
  }

  boolean isCertificate() {
    return switch (label) {
      case "CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE" -> true;
      default -> false;
    };
  }
}
