package etherws.tunnel;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The keepalive of jor1k on the plain wire: the text {@code ping:x} wants {@code pong:x}. */
final class TextPing {
  private static final byte[] PING = "ping:".getBytes(StandardCharsets.US_ASCII);

  private TextPing() {}

  /** What to answer; null if the message is no ping. */
  static @Nullable String answer(ByteBuf buffer, int index, int length) {
    if (length < PING.length) {
      return null;
    }
    for (int i = 0; i < PING.length; i++) {
      if (buffer.getByte(index + i) != PING[i]) {
        return null;
      }
    }
    int start = index + PING.length;
    return "pong:" + buffer.toString(start, length - PING.length, StandardCharsets.UTF_8);
  }
}
