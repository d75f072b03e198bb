package etherws.websocket;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Masking keys that nobody predicts, cheap enough for one per message. For one thread. */
public final class WsKeys implements RandomGenerator {
  /*
   * RFC 6455 §5.3 wants keys that whoever chooses the payload can't foresee, though the receiver,
   * who sees them all, may be in league with him. That rules out SplittableRandom, whose state
   * follows from a few outputs. SecureRandom costs more per key than masking a full-size frame, so
   * it only seeds AES in counter mode, which makes keys by the block.
   */
  private static final int KEY_OCTETS = 16;
  private static final int BLOCK = 1024;
  private static final byte[] ZEROS = new byte[BLOCK];

  private final Cipher cipher;
  private final byte[] block = new byte[BLOCK];
  private int used = BLOCK;

  public WsKeys(SecureRandom seed) {
    try {
      cipher = Cipher.getInstance("AES/CTR/NoPadding");
      cipher.init(
          Cipher.ENCRYPT_MODE,
          new SecretKeySpec(octets(seed), "AES"),
          new IvParameterSpec(octets(seed)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no AES in counter mode", e);
    }
  }

  private static byte[] octets(SecureRandom seed) {
    byte[] octets = new byte[KEY_OCTETS];
    seed.nextBytes(octets);
    return octets;
  }

  @Override
  public int nextInt() {
    if (used == BLOCK) {
      refill();
    }
    int next =
        block[used] << 24
            | (block[used + 1] & 0xff) << 16
            | (block[used + 2] & 0xff) << 8
            | (block[used + 3] & 0xff);
    used += Integer.BYTES;
    return next;
  }

  @Override
  public long nextLong() {
    return (long) nextInt() << 32 | (nextInt() & 0xffff_ffffL);
  }

  private void refill() {
    try {
      cipher.update(ZEROS, 0, BLOCK, block);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    used = 0;
  }
}
