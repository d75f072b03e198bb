package etherws.device;

import io.netty.buffer.ByteBuf;
import java.lang.foreign.MemorySegment;

/** Where buffers lie, for the kernel. */
public final class Memory {
  /** All of it, by address. */
  public static final MemorySegment ALL = all();

  private Memory() {}

  /** The address of index 0 of a direct buffer, good as long as the buffer is not released. */
  public static long addressOf(ByteBuf direct) {
    return direct.hasMemoryAddress()
        ? direct.memoryAddress()
        : MemorySegment.ofBuffer(direct.internalNioBuffer(0, direct.capacity())).address();
  }

  // Restricted because it can reach anything: only for addresses inside of buffers we hold.
  @SuppressWarnings("restricted")
  private static MemorySegment all() {
    return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  }
}
