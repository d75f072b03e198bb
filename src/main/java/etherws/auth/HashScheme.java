package etherws.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.LongPasswordStrategies;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.codec.digest.Md5Crypt;
import org.apache.commons.codec.digest.Sha2Crypt;
import org.apache.commons.codec.digest.UnixCrypt;

/** The ways in which Apache's htpasswd stores a password, costliest first. */
enum HashScheme {
  /*
   * Each pattern has a group "cost", equal for all hashes that take equally long, and a group
   * "digest". Costs no login can wait for are refused with the pattern: bcrypt above what htpasswd
   * writes, SHA-crypt above what commons-codec computes.
   */
  BCRYPT("(?<cost>\\$2[aby]\\$(0[4-9]|1[0-7])\\$)[./A-Za-z0-9]{22}(?<digest>[./A-Za-z0-9]{31})") {
    @Override
    boolean matches(String stored, byte[] password) {
      // 2a, 2b and 2y differ in bugs of old C programs, and agree on the 72 octets that count.
      BCrypt.Version version = BCrypt.Version.VERSION_2Y;
      return BCrypt.verifyer(version, LongPasswordStrategies.truncate(version))
          .verify(password, stored.getBytes(US_ASCII))
          .verified;
    }
  },
  SHA512(shaCrypt(6, 86)) {
    @Override
    boolean matches(String stored, byte[] password) {
      return same(stored, Sha2Crypt.sha512Crypt(password, stored));
    }
  },
  SHA256(shaCrypt(5, 43)) {
    @Override
    boolean matches(String stored, byte[] password) {
      return same(stored, Sha2Crypt.sha256Crypt(password, stored));
    }
  },
  APR1("(?<cost>\\$apr1\\$)[./A-Za-z0-9]{1,8}\\$(?<digest>[./A-Za-z0-9]{22})") {
    @Override
    boolean matches(String stored, byte[] password) {
      return same(stored, Md5Crypt.apr1Crypt(password, stored));
    }
  },
  DES("(?<cost>)[./A-Za-z0-9]{2}(?<digest>[./A-Za-z0-9]{11})") {
    @Override
    boolean matches(String stored, byte[] password) {
      return same(stored, UnixCrypt.crypt(password, stored));
    }
  },
  SHA1("(?<cost>\\{SHA})(?<digest>[A-Za-z0-9+/]{27}=)") {
    @Override
    boolean matches(String stored, byte[] password) {
      return same(stored, "{SHA}" + Base64.getEncoder().encodeToString(DigestUtils.sha1(password)));
    }
  };

  private final Pattern pattern;

  HashScheme(String pattern) {
    this.pattern = Pattern.compile(pattern);
  }

  Pattern pattern() {
    return pattern;
  }

  /** True where a stolen file gives its passwords away in no time. */
  boolean weak() {
    return this == DES || this == SHA1;
  }

  /** Hashes {@code password} like {@code stored}, and compares. May wipe {@code password}. */
  abstract boolean matches(String stored, byte[] password);

  private static boolean same(String stored, String computed) {
    return MessageDigest.isEqual(stored.getBytes(US_ASCII), computed.getBytes(US_ASCII));
  }

  private static String shaCrypt(int kind, int digestLength) {
    return "(?<cost>\\$%d\\$(rounds=([1-9][0-9]{3,5}|1000000)\\$)?)".formatted(kind)
        + "[./A-Za-z0-9]{1,16}\\$(?<digest>[./A-Za-z0-9]{%d})".formatted(digestLength);
  }
}
