package etherws.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * The engines' way to ask one question about a peer's chain. Extended, because around any other
 * trust manager the JDK wraps checks of its own.
 */
final class Trust extends X509ExtendedTrustManager {
  private final Question question;
  private final X509Certificate[] issuers;

  /**
   * @param issuers the CAs that a server names to clients
   */
  Trust(Question question, List<X509Certificate> issuers) {
    this.question = question;
    this.issuers = issuers.toArray(X509Certificate[]::new);
  }

  /** Of a client. */
  static Trust inServers(Question question) {
    return new Trust(question, List.of());
  }

  /**
   * Of a server that asks for no certificates; without it, it would read the JDK's hundred CAs to
   * name them to clients.
   */
  static Trust inNobody() {
    return new Trust(
        (chain, authType) -> {
          throw new CertificateException("client certificates are not accepted");
        },
        List.of());
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    question.verify(chain, authType);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    question.verify(chain, authType);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    question.verify(chain, authType);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    question.verify(chain, authType);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    question.verify(chain, authType);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    question.verify(chain, authType);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return issuers.clone();
  }

  /** Returns if the chain, the peer's own certificate first, is to be believed. */
  interface Question {
    void verify(X509Certificate[] chain, String authType) throws CertificateException;
  }
}
