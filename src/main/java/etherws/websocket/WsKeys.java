package etherws.websocket;

import java.util.random.RandomGenerator;

/** Masking keys for one writer. */
final class WsKeys {
  /*
   * RFC 6455 §5.3 wants keys that whoever chooses the payload can't predict, though the receiver
   * may work with him and sees every key. A SplittableRandom is out: two keys give away its
   * state. A SecureRandom it has to be, and asked for a block at a time it costs a few nanoseconds
   * per key instead of hundreds. Keys not yet used are secrets, used ones have been on the wire.
   */
  private static final int BLOCK = 1024;

  private final RandomGenerator random;
  private final byte[] block = new byte[BLOCK];
  private int used = BLOCK;

  WsKeys(RandomGenerator random) {
    this.random = random;
  }

  int next() {
    if (used == BLOCK) {
      random.nextBytes(block);
      used = 0;
    }
    int key =
        block[used] << 24
            | (block[used + 1] & 0xff) << 16
            | (block[used + 2] & 0xff) << 8
            | (block[used + 3] & 0xff);
    used += Integer.BYTES;
    return key;
  }
}
