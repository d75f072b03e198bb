package etherws.tls;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.security.spec.InvalidKeySpecException;
import java.util.Arrays;
import java.util.List;

/** A private key and the certificates that vouch for it, the key's own first. */
record KeyAndChain(PrivateKey key, List<X509Certificate> chain) {
  static KeyAndChain read(Path key, Path cert, Passphrase passphrase) throws TlsFileException {
    PemFile keyFile = PemFile.read(key);
    PemFile certFile = cert.equals(key) ? keyFile : PemFile.read(cert);
    List<X509Certificate> chain = certFile.certificates();
    PrivateKey secret = PemPrivateKey.in(keyFile, passphrase);
    if (!areOnePair(keyFile, secret, chain.getFirst().getPublicKey())) {
      throw new TlsFileException(
          certFile.path(),
          "its first certificate is not that of the key in %s: give files made together, and the server's own certificate before its CAs"
              .formatted(keyFile.path()));
    }
    return new KeyAndChain(secret, chain);
  }

  X509Certificate own() {
    return chain.getFirst();
  }

  private static boolean areOnePair(PemFile keyFile, PrivateKey secret, PublicKey open)
      throws TlsFileException {
    return switch (secret.getAlgorithm()) {
      case "RSA", "RSASSA-PSS" ->
          secret instanceof RSAKey a
              && open instanceof RSAKey b
              && a.getModulus().equals(b.getModulus());
      case "EC" -> names(secret, open) || verifies("SHA256withECDSA", secret, open);
      case "EdDSA" -> verifies("EdDSA", secret, open);
      default ->
          throw new TlsFileException(
              keyFile.path(), "TLS cannot use its %s key".formatted(secret.getAlgorithm()));
    };
  }

  /**
   * True if the EC key names its public half, as RFC 5915 lets it, and that is {@code open}. Faster
   * by far than to sign, when nothing is compiled yet.
   */
  private static boolean names(PrivateKey secret, PublicKey open) {
    try {
      Der info = new Der(secret.getEncoded()).enter(Der.SEQUENCE);
      info.enter(Der.INTEGER);
      info.enter(Der.SEQUENCE);
      Der key = new Der(info.read(Der.OCTET_STRING)).enter(Der.SEQUENCE);
      key.enter(Der.INTEGER);
      key.enter(Der.OCTET_STRING);
      if (key.nextIs(Der.CONTEXT_0)) {
        key.enter(Der.CONTEXT_0);
      }
      Der subject = new Der(open.getEncoded()).enter(Der.SEQUENCE);
      subject.enter(Der.SEQUENCE);
      return key.nextIs(Der.CONTEXT_1)
          && Arrays.equals(
              key.enter(Der.CONTEXT_1).read(Der.BIT_STRING), subject.read(Der.BIT_STRING));
    } catch (InvalidKeySpecException e) {
      return false;
    }
  }

  private static boolean verifies(String algorithm, PrivateKey secret, PublicKey open) {
    byte[] message = {1};
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(secret);
      signature.update(message);
      byte[] signed = signature.sign();
      signature.initVerify(open);
      signature.update(message);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
