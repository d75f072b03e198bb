package etherws.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What has been verified before, so that a storm of reconnects costs no password hashing. */
final class Proofs {
  /*
   * Safe from any thread. A proof is an HMAC under a key that never leaves the process; no password
   * is kept. The stored hash is part of it, so a changed password has no proof.
   */
  static final int SIZE = 16_384;

  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec key;
  private final Set<ByteBuffer> known =
      Collections.newSetFromMap(
          new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Boolean> eldest) {
              return size() > SIZE;
            }
          });

  Proofs(byte[] key) {
    this.key = new SecretKeySpec(key, ALGORITHM);
  }

  /** The proof that {@code password} matches {@code hash} for {@code user}, valid if known. */
  ByteBuffer proof(String user, PasswordHash hash, byte[] password) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      for (byte[] part : new byte[][] {user.getBytes(UTF_8), hash.text().getBytes(UTF_8)}) {
        mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).flip());
        mac.update(part);
      }
      return ByteBuffer.wrap(mac.doFinal(password)).asReadOnlyBuffer();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }

  /** From 0 to below 1, always the same for a user; nobody else can know what. */
  double lot(String user) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      int octets = ByteBuffer.wrap(mac.doFinal(user.getBytes(UTF_8))).getInt();
      return Integer.toUnsignedLong(octets) / 0x1p32;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }

  synchronized boolean isKnown(ByteBuffer proof) {
    return known.contains(proof);
  }

  synchronized void remember(ByteBuffer proof) {
    known.add(proof);
  }
}
