package etherws.tls;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.spec.InvalidKeySpecException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** Passphrases on private keys, in the two ways that OpenSSL writes them. */
final class KeyEncryption {
  private static final String PBES2 = "1.2.840.113549.1.5.13";
  private static final String PBKDF2 = "1.2.840.113549.1.5.12";
  private static final Pattern DEK_INFO =
      Pattern.compile("([A-Z0-9-]{1,32}),((?:[0-9A-Fa-f]{2}){1,32})");

  /** Seconds of work; a damaged file may ask for days. */
  private static final int MAX_ITERATIONS = 10_000_000;

  private KeyEncryption() {}

  /**
   * Opens {@code ENCRYPTED PRIVATE KEY} (RFC 5958). PBES2 is spelled out because the JDK's own
   * knows neither AES-192 nor DES-EDE3; the older PBES1 is left to the JDK.
   *
   * @return PKCS#8; or garbage, should a wrong passphrase happen to leave good padding
   */
  static byte[] openPkcs8(byte[] encrypted, char[] passphrase)
      throws GeneralSecurityException, IOException {
    Der info = new Der(encrypted).enter(Der.SEQUENCE);
    Der algorithm = info.enter(Der.SEQUENCE);
    if (!algorithm.readOid().equals(PBES2)) {
      return openPbes1(encrypted, passphrase);
    }
    Der parameters = algorithm.enter(Der.SEQUENCE);
    Der derivation = parameters.enter(Der.SEQUENCE);
    Der encryption = parameters.enter(Der.SEQUENCE);
    Scheme scheme = Scheme.ofOid(encryption.readOid());
    byte[] key = pbkdf2(derivation, passphrase, scheme.keyLength);
    return scheme.open(key, encryption.read(Der.OCTET_STRING), info.read(Der.OCTET_STRING));
  }

  /**
   * Opens a traditional block with {@code DEK-Info: AES-128-CBC,<salt>} (RFC 1421 as OpenSSL bends
   * it: the first eight octets of the IV salt the key, EVP_BytesToKey with MD5 makes it).
   */
  static byte[] openTraditional(String dekInfo, byte[] encrypted, char[] passphrase)
      throws GeneralSecurityException {
    Matcher info = DEK_INFO.matcher(dekInfo);
    if (!info.matches()) {
      throw new InvalidKeySpecException("DEK-Info");
    }
    Scheme scheme = Scheme.ofName(info.group(1));
    byte[] iv = HexFormat.of().parseHex(info.group(2));
    return scheme.open(bytesToKey(passphrase, iv, scheme.keyLength), iv, encrypted);
  }

  private static byte[] openPbes1(byte[] encrypted, char[] passphrase)
      throws GeneralSecurityException, IOException {
    EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(encrypted);
    PBEKeySpec password = new PBEKeySpec(passphrase);
    try {
      Cipher cipher = Cipher.getInstance(info.getAlgName());
      cipher.init(
          Cipher.DECRYPT_MODE,
          SecretKeyFactory.getInstance(info.getAlgName()).generateSecret(password),
          info.getAlgParameters());
      return cipher.doFinal(info.getEncryptedData());
    } finally {
      password.clearPassword();
    }
  }

  private static byte[] pbkdf2(Der derivation, char[] passphrase, int keyLength)
      throws GeneralSecurityException {
    String oid = derivation.readOid();
    if (!oid.equals(PBKDF2)) {
      throw new NoSuchAlgorithmException("key derivation " + oid);
    }
    Der parameters = derivation.enter(Der.SEQUENCE);
    byte[] salt = parameters.read(Der.OCTET_STRING);
    int iterations = parameters.readInt();
    if (salt.length == 0 || iterations == 0) {
      throw new InvalidKeySpecException("PBKDF2 without salt or iterations");
    }
    if (iterations > MAX_ITERATIONS) {
      throw new NoSuchAlgorithmException("PBKDF2 in %,d iterations".formatted(iterations));
    }
    if (parameters.nextIs(Der.INTEGER)) {
      parameters.readInt();
    }
    String hmac =
        parameters.nextIs(Der.SEQUENCE)
            ? hmac(parameters.enter(Der.SEQUENCE).readOid())
            : "HmacSHA1";
    PBEKeySpec password = new PBEKeySpec(passphrase, salt, iterations, 8 * keyLength);
    try {
      return SecretKeyFactory.getInstance("PBKDF2With" + hmac)
          .generateSecret(password)
          .getEncoded();
    } finally {
      password.clearPassword();
    }
  }

  private static String hmac(String oid) throws NoSuchAlgorithmException {
    return switch (oid) {
      case "1.2.840.113549.2.7" -> "HmacSHA1";
      case "1.2.840.113549.2.8" -> "HmacSHA224";
      case "1.2.840.113549.2.9" -> "HmacSHA256";
      case "1.2.840.113549.2.10" -> "HmacSHA384";
      case "1.2.840.113549.2.11" -> "HmacSHA512";
      case "1.2.840.113549.2.12" -> "HmacSHA512/224";
      case "1.2.840.113549.2.13" -> "HmacSHA512/256";
      default -> throw new NoSuchAlgorithmException("PRF " + oid);
    };
  }

  private static byte[] bytesToKey(char[] passphrase, byte[] iv, int keyLength)
      throws NoSuchAlgorithmException {
    ByteBuffer encoded = UTF_8.encode(CharBuffer.wrap(passphrase));
    MessageDigest md5 = MessageDigest.getInstance("MD5");
    byte[] key = new byte[keyLength];
    byte[] digest = {};
    for (int filled = 0; filled < keyLength; filled += digest.length) {
      md5.update(digest);
      md5.update(encoded.duplicate());
      md5.update(iv, 0, Math.min(8, iv.length));
      digest = md5.digest();
      System.arraycopy(digest, 0, key, filled, Math.min(digest.length, keyLength - filled));
    }
    return key;
  }

  /** A block cipher in CBC mode, by both of its names. */
  private enum Scheme {
    AES_128("AES-128-CBC", "2.16.840.1.101.3.4.1.2", "AES", 16),
    AES_192("AES-192-CBC", "2.16.840.1.101.3.4.1.22", "AES", 24),
    AES_256("AES-256-CBC", "2.16.840.1.101.3.4.1.42", "AES", 32),
    DES_EDE3("DES-EDE3-CBC", "1.2.840.113549.3.7", "DESede", 24);

    private final String name;
    private final String oid;
    private final String algorithm;
    private final int keyLength;

    Scheme(String name, String oid, String algorithm, int keyLength) {
      this.name = name;
      this.oid = oid;
      this.algorithm = algorithm;
      this.keyLength = keyLength;
    }

    static Scheme ofName(String name) throws NoSuchAlgorithmException {
      for (Scheme scheme : values()) {
        if (scheme.name.equals(name)) {
          return scheme;
        }
      }
      throw new NoSuchAlgorithmException("encryption " + name);
    }

    static Scheme ofOid(String oid) throws NoSuchAlgorithmException {
      for (Scheme scheme : values()) {
        if (scheme.oid.equals(oid)) {
          return scheme;
        }
      }
      throw new NoSuchAlgorithmException("encryption " + oid);
    }

    byte[] open(byte[] key, byte[] iv, byte[] encrypted) throws GeneralSecurityException {
      Cipher cipher = Cipher.getInstance(algorithm + "/CBC/PKCS5Padding");
      cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, algorithm), new IvParameterSpec(iv));
      return cipher.doFinal(encrypted);
    }
  }
}
