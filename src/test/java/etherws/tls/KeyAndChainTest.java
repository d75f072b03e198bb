package etherws.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyAndChainTest {
  private Openssl openssl;
  private Path key;
  private Path cert;

  @BeforeEach
  void makeKeyAndCertificate(@TempDir Path directory) throws Exception {
    openssl = new Openssl(directory);
    key = openssl.key("a", Openssl.EC);
    cert = openssl.selfSigned("a", "DNS:a.example");
  }

  @Test
  void readsKeyAndChainFromOneFileWithTextBetween() throws Exception {
    openssl.key("b", Openssl.EC);
    Path issued = openssl.issued("b", "a", "DNS:b.example");
    Path both = openssl.path("both.pem");
    String text = openssl.run("x509 -text -in " + issued);
    assertThat(text).contains("Subject Alternative Name:");
    Files.writeString(
        both,
        text
            + Files.readString(openssl.path("b.key")).replace("\n", "\r\n")
            + "\nand now the CA:\n"
            + Files.readString(cert));

    KeyAndChain pair = read(both, both);

    assertThat(pair.chain())
        .extracting(certificate -> certificate.getSubjectX500Principal().getName())
        .containsExactly("CN=b", "CN=a");
    assertThat(pair.key().getAlgorithm()).isEqualTo("EC");
  }

  @Test
  void readsATrustedCertificate() throws Exception {
    openssl.run("x509 -in a.crt -trustout -addtrust serverAuth -out trusted.crt");

    assertThat(read(key, openssl.path("trusted.crt")).own()).isEqualTo(read(key, cert).own());
  }

  @Test
  void refusesACertificateOfAnotherKey() throws Exception {
    for (String algorithm : new String[] {Openssl.EC, "ED25519", "RSA"}) {
      Path other = openssl.key("other", algorithm);

      fails(
          other,
          cert,
          cert
              + ": its first certificate is not that of the key in "
              + other
              + ": give files made together, and the server's own certificate before its CAs");
    }
  }

  @Test
  void matchesAnEcKeyWithoutItsPublicHalf() throws Exception {
    openssl.key("e", Openssl.EC);
    Path ecCert = openssl.selfSigned("e", "");
    openssl.run("ec -in e.key -no_public -out half.key");
    openssl.run("ec -in " + openssl.key("other", Openssl.EC) + " -no_public -out otherhalf.key");

    assertThat(read(openssl.path("half.key"), ecCert).key()).isNotNull();
    assertThatThrownBy(() -> read(openssl.path("otherhalf.key"), ecCert))
        .hasMessageContaining("is not that of the key");
  }

  @Test
  void refusesTwoRsaKeysThatDiffer() throws Exception {
    openssl.key("r", "RSA");
    Path rsaCert = openssl.selfSigned("r", "");
    Path other = openssl.key("s", "RSA");

    assertThat(read(openssl.path("r.key"), rsaCert).key()).isNotNull();
    assertThatThrownBy(() -> read(other, rsaCert)).hasMessageContaining("is not that of the key");
  }

  @Test
  void namesAMissingFile() {
    Path missing = openssl.path("missing.pem");

    fails(missing, cert, missing + ": no such file");
    fails(key, missing, missing + ": no such file");
  }

  @Test
  void saysWhyAFileCannotBeRead() {
    Path directory = openssl.path(".").normalize();

    fails(directory, cert, directory + ": cannot be read: Is a directory");
  }

  @Test
  void refusesACertificateFileWithoutCertificate() {
    fails(
        key, key, key + ": no certificate in it: PEM with '-----BEGIN CERTIFICATE-----' expected");
  }

  @Test
  void refusesADamagedCertificate() throws Exception {
    Path damaged = openssl.path("damaged.crt");
    Files.writeString(
        damaged,
        Files.readString(cert) + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    fails(key, damaged, damaged + ": its certificate no. 2 is damaged");

    Files.writeString(damaged, "-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n");
    fails(key, damaged, damaged + ": the Base64 of its CERTIFICATE is damaged");

    Files.writeString(damaged, "-----BEGIN CERTIFICATE-----\nAAAA\n");
    fails(key, damaged, damaged + ": cut short: '-----BEGIN CERTIFICATE-----' has no END line");
  }

  @Test
  void refusesADsaKey() throws Exception {
    openssl.run("dsaparam -genkey -noout -out dsa.key 2048");
    openssl.run("pkcs8 -topk8 -nocrypt -in dsa.key -out dsa8.key");

    fails(
        openssl.path("dsa8.key"), cert, openssl.path("dsa8.key") + ": TLS cannot use its DSA key");
  }

  private static KeyAndChain read(Path key, Path cert) throws TlsFileException {
    return KeyAndChain.read(key, cert, Passphrase.NONE);
  }

  private static void fails(Path key, Path cert, String message) {
    assertThatThrownBy(() -> read(key, cert))
        .isInstanceOf(TlsFileException.class)
        .hasMessage(message);
  }
}
