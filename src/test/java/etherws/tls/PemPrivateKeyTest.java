package etherws.tls;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.ECPrivateKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A key counts as read when it signs what its certificate verifies, as {@link KeyAndChain} checks.
 */
@Execution(ExecutionMode.CONCURRENT)
class PemPrivateKeyTest {
  private static final Passphrase NEVER =
      file -> {
        throw new AssertionError("asked for a passphrase that nobody needs");
      };

  private Openssl openssl;
  private int asked;

  @BeforeEach
  void openssl(@TempDir Path directory) {
    openssl = new Openssl(directory);
  }

  @ParameterizedTest
  @CsvSource({
    "genrsa -traditional -out k.key 2048, RSA PRIVATE KEY, RSA",
    "genrsa -out k.key 2048, PRIVATE KEY, RSA",
    "ecparam -genkey -name prime256v1 -out k.key, EC PARAMETERS, EC",
    "ecparam -genkey -noout -name prime256v1 -out k.key, EC PRIVATE KEY, EC",
    "ecparam -genkey -noout -name secp384r1 -out k.key, EC PRIVATE KEY, EC",
    "ecparam -genkey -name secp521r1 -out k.key, EC PARAMETERS, EC",
    "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out k.key, PRIVATE KEY, EC",
    "genpkey -algorithm ED25519 -out k.key, PRIVATE KEY, EdDSA",
    "genpkey -algorithm ED448 -out k.key, PRIVATE KEY, EdDSA",
    "genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out k.key, PRIVATE KEY, RSASSA-PSS"
  })
  void readsEveryKindOfKey(String command, String label, String algorithm) throws Exception {
    openssl.run(command);

    assertThat(openssl.path("k.key")).content().startsWith("-----BEGIN " + label + "-----");
    assertThat(pair(NEVER).key().getAlgorithm()).isEqualTo(algorithm);
  }

  @ParameterizedTest
  @CsvSource({
    "aes-128-cbc, hmacWithSHA256",
    "aes-192-cbc, hmacWithSHA256",
    "aes-256-cbc, hmacWithSHA256",
    "aes-256-cbc, hmacWithSHA1",
    "aes-256-cbc, hmacWithSHA224",
    "aes-256-cbc, hmacWithSHA384",
    "aes-256-cbc, hmacWithSHA512",
    "aes-256-cbc, hmacWithSHA512-256",
    "des3, hmacWithSHA1",
    "des3, hmacWithSHA256"
  })
  void opensEncryptedPkcs8(String cipher, String prf) throws Exception {
    openssl.key("plain", Openssl.EC);
    openssl.run(
        "pkcs8 -topk8 -in plain.key -out k.key -v2 %s -v2prf %s -passout pass:sesam"
            .formatted(cipher, prf));

    opensWithItsPassphraseAlone("ENCRYPTED PRIVATE KEY");
  }

  @Test
  void opensTheOlderPbes1() throws Exception {
    openssl.key("plain", Openssl.EC);
    openssl.run("pkcs8 -topk8 -in plain.key -out k.key -v1 PBE-SHA1-3DES -passout pass:sesam");

    opensWithItsPassphraseAlone("ENCRYPTED PRIVATE KEY");
  }

  @ParameterizedTest
  @ValueSource(strings = {"aes128", "aes192", "aes256", "des3"})
  void opensTraditionalRsaEncryption(String cipher) throws Exception {
    openssl.run("genrsa -traditional -out plain.key 2048");
    openssl.run("rsa -traditional -in plain.key -out k.key -passout pass:sesam -" + cipher);

    opensWithItsPassphraseAlone("RSA PRIVATE KEY");
  }

  @ParameterizedTest
  @ValueSource(strings = {"aes128", "aes192", "aes256", "des3"})
  void opensTraditionalEcEncryption(String cipher) throws Exception {
    openssl.run("ecparam -genkey -name prime256v1 -out plain.key");
    openssl.run("ec -in plain.key -out k.key -passout pass:sesam -" + cipher);

    opensWithItsPassphraseAlone("EC PRIVATE KEY");
  }

  @Test
  void takesThePassphraseAsUtf8() throws Exception {
    openssl.run("genrsa -traditional -out plain.key 2048");
    Files.writeString(openssl.path("passphrase"), "pässwörd\n"); // no argument: locales differ
    for (String form : List.of("rsa -traditional -aes128", "pkcs8 -topk8")) {
      openssl.run(form + " -in plain.key -out k.key -passout file:passphrase");

      assertThat(pair(file -> "pässwörd".toCharArray()).key()).isNotNull();
    }
  }

  @Test
  void wipesThePassphraseAfterUse() throws Exception {
    openssl.run("genpkey -algorithm ED25519 -out k.key -aes-256-cbc -pass pass:sesam");
    char[] answer = "sesam".toCharArray();

    readKey(file -> answer);

    assertThat(answer).containsOnly('\0');
  }

  @Test
  void findsTheCurveInTheParametersWhenTheKeyLacksIt() throws Exception {
    openssl.run("ecparam -genkey -name prime256v1 -out full.key");
    List<PemBlock> blocks = PemFile.read(openssl.path("full.key")).blocks();
    Der full = new Der(blocks.get(1).octets()).enter(Der.SEQUENCE);
    full.readInt();
    byte[] bare =
        Der.encode(
            Der.SEQUENCE,
            Der.encode(Der.INTEGER, new byte[] {1}),
            Der.encode(Der.OCTET_STRING, full.read(Der.OCTET_STRING)));
    PemFile file =
        new PemFile(
            openssl.path("k.key"),
            List.of(blocks.get(0), new PemBlock("EC PRIVATE KEY", Map.of(), bare)));

    assertThat(((ECPrivateKey) PemPrivateKey.in(file, NEVER)).getS())
        .isEqualTo(
            ((ECPrivateKey) PemPrivateKey.in(PemFile.read(openssl.path("full.key")), NEVER))
                .getS());
  }

  @Test
  void saysThatAKeyIsEncryptedAndNobodyKnowsThePassphrase() throws Exception {
    openssl.run("genpkey -algorithm ED25519 -out k.key -aes-256-cbc -pass pass:sesam");

    failsWith("encrypted, and there is no passphrase: decrypt it by 'openssl pkey'");
  }

  @Test
  void sendsAnEncryptionThatJavaLacksToOpenssl() throws Exception {
    openssl.key("plain", Openssl.EC);
    openssl.run("pkcs8 -topk8 -in plain.key -out k.key -scrypt -passout pass:sesam");

    assertThatThrownBy(() -> readKey(file -> "sesam".toCharArray()))
        .isInstanceOf(TlsFileException.class)
        .hasMessageStartingWith(openssl.path("k.key") + ": encrypted in a way that Java cannot")
        .hasMessageEndingWith("rewrite it by 'openssl pkcs8 -topk8'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ecparam -genkey -noout -name secp256k1 -out k.key",
        "ecparam -genkey -noout -name prime256v1 -param_enc explicit -out k.key",
        "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:brainpoolP256r1 -out k.key"
      })
  void namesTheCurvesThatWork(String command) throws Exception {
    openssl.run(command);

    failsWith(
        "its key is of no kind that TLS here can use: use RSA, EC (P-256, P-384, P-521) or"
            + " Ed25519");
  }

  @Test
  void refusesAKeyOfAnotherProgram() throws Exception {
    Files.writeString(
        openssl.path("k.key"),
        "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n");

    failsWith(
        "its key is of no kind that TLS here can use: use RSA, EC (P-256, P-384, P-521) or"
            + " Ed25519");
  }

  @Test
  void refusesAFileWithoutKey() throws Exception {
    Files.writeString(openssl.path("k.key"), "nothing\n");

    failsWith("no private key in it: PEM with '-----BEGIN … PRIVATE KEY-----' expected");
  }

  @Test
  void everyDamageIsExplainedAndNoneEscapes() throws Exception {
    long seed = 0x7e57;
    Random random = new Random(seed);
    openssl.run("genpkey -algorithm ED25519 -out pkcs8.key");
    openssl.run("pkcs8 -topk8 -in pkcs8.key -out enc.key -iter 1 -passout pass:sesam");
    openssl.run("ecparam -genkey -noout -name prime256v1 -out sec1.key");
    openssl.run("ec -in sec1.key -out trad.key -passout pass:sesam -aes128");
    List<PemBlock> originals = new ArrayList<>();
    for (String name : List.of("pkcs8", "enc", "sec1", "trad")) {
      originals.addAll(PemFile.read(openssl.path(name + ".key")).blocks());
    }
    for (int round = 0; round < 2000; round++) {
      PemBlock original = originals.get(random.nextInt(originals.size()));
      byte[] octets = original.octets().clone();
      octets[random.nextInt(octets.length)] ^= (byte) (1 << random.nextInt(8));
      int length = random.nextInt(3) == 0 ? random.nextInt(octets.length) : octets.length;
      PemBlock damaged =
          new PemBlock(original.label(), original.headers(), Arrays.copyOf(octets, length));
      try {
        PemPrivateKey.in(
            new PemFile(Path.of("k"), List.of(damaged)), file -> "sesam".toCharArray());
      } catch (TlsFileException expected) {
        assertThat(expected).hasMessageStartingWith("k: ");
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ", round " + round, e);
      }
    }
  }

  private void opensWithItsPassphraseAlone(String label) throws Exception {
    assertThat(openssl.path("k.key")).content().contains("-----BEGIN " + label + "-----");
    openssl.run("req -x509 -key plain.key -out k.crt -subj /CN=k");
    Passphrase right =
        file -> {
          asked++;
          assertThat(file).isEqualTo(openssl.path("k.key"));
          return "sesam".toCharArray();
        };

    assertThat(KeyAndChain.read(openssl.path("k.key"), openssl.path("k.crt"), right).key())
        .isNotNull();
    assertThat(asked).isEqualTo(1);
    assertThatThrownBy(() ->
            KeyAndChain.read(
                openssl.path("k.key"), openssl.path("k.crt"), file -> "wrong".toCharArray()))
        .isInstanceOf(TlsFileException.class)
        .hasMessage(openssl.path("k.key") + ": wrong passphrase");
  }

  private KeyAndChain pair(Passphrase passphrase) throws Exception {
    openssl.run(
        "req -x509 -key "
            + (Files.exists(openssl.path("plain.key")) ? "plain" : "k")
            + ".key -out k.crt -subj /CN=k");
    return KeyAndChain.read(openssl.path("k.key"), openssl.path("k.crt"), passphrase);
  }

  private void readKey(Passphrase passphrase) throws TlsFileException {
    requireNonNull(PemPrivateKey.in(PemFile.read(openssl.path("k.key")), passphrase));
  }

  private void failsWith(String what) {
    assertThatThrownBy(() -> readKey(Passphrase.NONE))
        .isInstanceOf(TlsFileException.class)
        .hasMessage(openssl.path("k.key") + ": " + what);
  }
}
