package etherws.websocket;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** A payload that arrives in pieces: unmasked and put together in one pooled buffer. */
final class WsAssembly {
  /*
   * An announced length is only believed up to FIRST_CAPACITY. Beyond it the buffer doubles as
   * octets arrive, so that a peer has to send what it wants us to allocate.
   */
  private static final int FIRST_CAPACITY = 64 * 1024;

  private final int maxLength;
  private @Nullable ByteBuf buffer;

  WsAssembly(int maxLength) {
    this.maxLength = maxLength;
  }

  boolean isEmpty() {
    return buffer == null;
  }

  int length() {
    return buffer == null ? 0 : buffer.readableBytes();
  }

  /**
   * Moves the next {@code length} octets from the chunk.
   *
   * @param announced how many the peer says will come, these included
   */
  void append(ByteBuf chunk, int length, int announced, int key) {
    if (length == 0) {
      return;
    }
    if (buffer == null) {
      int capacity = Math.max(length, Math.min(announced, FIRST_CAPACITY));
      buffer = chunk.alloc().directBuffer(capacity, maxLength);
    }
    int index = buffer.writerIndex();
    buffer.writeBytes(chunk, length);
    WsMask.apply(buffer, index, length, key);
  }

  /** Hands over the buffer, which the caller releases, and starts anew. */
  ByteBuf take() {
    ByteBuf taken = requireNonNull(buffer);
    buffer = null;
    return taken;
  }

  void release() {
    if (buffer != null) {
      take().release();
    }
  }
}
