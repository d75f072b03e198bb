package etherws.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import javax.crypto.BadPaddingException;
import org.jspecify.annotations.Nullable;

/** The private key in a PEM file, in any form OpenSSL writes. */
final class PemPrivateKey {
  /*
   * The JDK reads PKCS#8 alone. PKCS#1 and SEC 1 are what PKCS#8 carries inside, so they get its
   * wrapping: SEQUENCE { INTEGER 0, SEQUENCE { OID, parameters }, OCTET STRING { the key } }.
   * PKCS#8 names its algorithm by OID, which the JDK's providers know as an alias.
   */
  private static final byte[] VERSION_0 = Der.encode(Der.INTEGER, new byte[1]);
  private static final byte[] RSA = oid("2a864886f70d010101");
  private static final byte[] EC = oid("2a8648ce3d0201");
  private static final String EC_OID = "1.2.840.10045.2.1";
  private static final Set<String> CURVES =
      Set.of("1.2.840.10045.3.1.7", "1.3.132.0.34", "1.3.132.0.35");

  private static final String USABLE = "use RSA, EC (P-256, P-384, P-521) or Ed25519";

  private final PemFile file;

  private PemPrivateKey(PemFile file) {
    this.file = file;
  }

  /** Reads the first private key in the file; asks for the passphrase only if it is encrypted. */
  static PrivateKey in(PemFile file, Passphrase passphrase) throws TlsFileException {
    return new PemPrivateKey(file).read(passphrase);
  }

  private PrivateKey read(Passphrase passphrase) throws TlsFileException {
    for (PemBlock block : file.blocks()) {
      if (block.isPrivateKey()) {
        return decode(block.label(), clear(block, passphrase));
      }
    }
    throw problem("no private key in it: PEM with '-----BEGIN … PRIVATE KEY-----' expected", null);
  }

  /** The octets of the block, without encryption. */
  private byte[] clear(PemBlock block, Passphrase passphrase) throws TlsFileException {
    String dekInfo = block.headers().get("DEK-Info");
    boolean pkcs8 = block.label().equals("ENCRYPTED PRIVATE KEY");
    if (!pkcs8 && dekInfo == null) {
      return block.octets();
    }
    char[] answer = ask(passphrase);
    try {
      byte[] clear =
          dekInfo == null
              ? KeyEncryption.openPkcs8(block.octets(), answer)
              : KeyEncryption.openTraditional(dekInfo, block.octets(), answer);
      if (Der.isSequence(clear)) {
        return clear;
      }
      throw new BadPaddingException("good padding by chance");
    } catch (BadPaddingException e) {
      throw problem("wrong passphrase", e);
    } catch (NoSuchAlgorithmException e) {
      throw problem(
          "encrypted in a way that Java cannot read (%s): rewrite it by 'openssl pkcs8 -topk8'"
              .formatted(e.getMessage()),
          e);
    } catch (GeneralSecurityException | IOException e) {
      throw problem("its encrypted private key is damaged", e);
    } finally {
      Arrays.fill(answer, '\0');
    }
  }

  private char[] ask(Passphrase passphrase) throws TlsFileException {
    char[] answer;
    try {
      answer = passphrase.ask(file.path());
    } catch (IOException e) {
      throw problem("encrypted, and the passphrase cannot be read: " + e.getMessage(), e);
    }
    if (answer == null) {
      throw problem("encrypted, and there is no passphrase: decrypt it by 'openssl pkey'", null);
    }
    return answer;
  }

  private PrivateKey decode(String label, byte[] octets) throws TlsFileException {
    try {
      return switch (label) {
        case "PRIVATE KEY", "ENCRYPTED PRIVATE KEY" -> fromPkcs8(octets);
        case "RSA PRIVATE KEY" -> fromPkcs8(pkcs8(RSA, Der.encode(Der.NULL), octets));
        case "EC PRIVATE KEY" -> fromPkcs8(pkcs8(EC, curve(octets), octets));
        default -> throw new NoSuchAlgorithmException(label);
      };
    } catch (NoSuchAlgorithmException e) {
      throw problem("its key is of no kind that TLS here can use: " + USABLE, e);
    } catch (InvalidKeySpecException e) {
      throw problem("its private key is damaged", e);
    }
  }

  private static PrivateKey fromPkcs8(byte[] octets)
      throws NoSuchAlgorithmException, InvalidKeySpecException {
    Der info = new Der(octets).enter(Der.SEQUENCE);
    info.readInt();
    Der kind = info.enter(Der.SEQUENCE);
    String algorithm = kind.readOid();
    if (algorithm.equals(EC_OID) && !isCurveOfTls(kind)) {
      throw new NoSuchAlgorithmException("elliptic curve");
    }
    try {
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(octets));
    } catch (IllegalArgumentException e) {
      throw new InvalidKeySpecException(e);
    }
  }

  /** The JDK reads keys of more curves than its TLS, or anyone's, can use. */
  private static boolean isCurveOfTls(Der parameters) throws InvalidKeySpecException {
    return parameters.nextIs(Der.OID) && CURVES.contains(parameters.readOid());
  }

  private static byte[] pkcs8(byte[] algorithm, byte[] parameters, byte[] key) {
    return Der.encode(
        Der.SEQUENCE,
        VERSION_0,
        Der.encode(Der.SEQUENCE, algorithm, parameters),
        Der.encode(Der.OCTET_STRING, key));
  }

  /** The curve's parameters: inside the SEC 1 structure, else in the EC PARAMETERS block. */
  private byte[] curve(byte[] sec1) throws InvalidKeySpecException {
    Der key = new Der(sec1).enter(Der.SEQUENCE);
    key.readInt();
    key.read(Der.OCTET_STRING);
    if (key.nextIs(Der.CONTEXT_0)) {
      return key.read(Der.CONTEXT_0);
    }
    return file.blocks().stream()
        .filter(block -> block.label().equals("EC PARAMETERS"))
        .map(PemBlock::octets)
        .findFirst()
        .orElseThrow(() -> new InvalidKeySpecException("no EC PARAMETERS"));
  }

  private static byte[] oid(String hex) {
    return Der.encode(Der.OID, HexFormat.of().parseHex(hex));
  }

  private TlsFileException problem(String what, @Nullable Exception cause) {
    return new TlsFileException(file.path(), what, cause);
  }
}
