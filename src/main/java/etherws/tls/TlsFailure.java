package etherws.tls;

/**
 * Why a handshake failed.
 *
 * @param text one line for the operator: what is wrong, with which server, and what to do
 */
public record TlsFailure(Reason reason, String text) {
  /** The kinds that an operator mends in different ways. */
  public enum Reason {
    /** No chain from the certificate to a CA that is trusted here. */
    UNKNOWN_CA,
    /** The certificate vouches for itself and wasn't given as trusted. */
    SELF_SIGNED,
    /** The certificate names other hosts. */
    WRONG_HOST,
    /** The certificate's key is none of those that were pinned. */
    WRONG_PIN,
    EXPIRED,
    NOT_YET_VALID,
    /** The certificate has no subjectAltName, and so names no host at all. */
    NO_NAMES,
    /** What answers doesn't speak TLS. */
    NOT_TLS,
    /** The server speaks TLS 1.1 or older only. */
    OLD_TLS,
    /** The server hung up, or said nothing, in the middle of the handshake. */
    NO_ANSWER,
    /** The server refused the handshake, or broke its rules. */
    REFUSED,
    /** The certificate can't be used for another reason: weak, malformed, not for servers. */
    BAD_CERTIFICATE
  }
}
