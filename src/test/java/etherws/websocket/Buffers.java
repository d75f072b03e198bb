package etherws.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.HexFormat;

/** Buffers of one kind from an allocator that counts what is alive. */
final class Buffers {
  /** The three ways a mask reaches memory. */
  enum Kind {
    DIRECT,
    HEAP,
    COMPOSITE
  }

  // It counts by itself; Netty's leak detector would take a stack trace at every access.
  final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
  private final Kind kind;

  Buffers(Kind kind) {
    this.kind = kind;
  }

  ByteBuf empty(int capacity) {
    return switch (kind) {
      case DIRECT -> allocator.directBuffer(capacity);
      case HEAP -> allocator.heapBuffer(capacity);
      case COMPOSITE -> composite(capacity / 2, capacity - capacity / 2);
    };
  }

  /** Has neither an address nor an array. */
  private ByteBuf composite(int first, int second) {
    return allocator
        .compositeDirectBuffer(2)
        .addComponent(allocator.directBuffer(first).writeZero(first))
        .addComponent(allocator.directBuffer(second).writeZero(second));
  }

  ByteBuf of(byte[] octets) {
    return empty(octets.length).writeBytes(octets);
  }

  /** Reads a chunk of these octets to its end. */
  void read(WsReader reader, byte[] octets) {
    ByteBuf chunk = of(octets);
    try {
      reader.read(chunk);
      if (chunk.isReadable()) {
        throw new AssertionError(chunk.readableBytes() + " octets left over");
      }
    } finally {
      chunk.release();
    }
  }

  void read(WsReader reader, String hex) {
    read(reader, octets(hex));
  }

  /** Octets of all buffers alive. */
  long held() {
    return allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
  }

  /** Octets from hex digits, spaces between them ignored. */
  static byte[] octets(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }
}
