package etherws.tap;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import etherws.frame.EthernetFrame;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What one thread needs to write a frame behind a vnet header without allocating. */
final class Gather {
  /*
   * struct iovec {
   *   void  *iov_base;    // 0
   *   size_t iov_len;     // 8
   * } iov[2];             // the header, the frame
   */
  static final int COUNT = 2;

  private static final long FRAME_BASE = 16;
  private static final long FRAME_LENGTH = 24;

  private static final FastThreadLocal<Gather> OF_THREAD =
      new FastThreadLocal<>() {
        @Override
        protected Gather initialValue() {
          return new Gather();
        }
      };

  private final MemorySegment iovec;
  private final MemorySegment header;
  private @Nullable MemorySegment copy;

  private Gather() {
    Arena arena = Arena.ofAuto();
    header = arena.allocate(VnetHeader.LENGTH);
    iovec = arena.allocateFrom(JAVA_LONG, header.address(), header.byteSize(), 0, 0);
  }

  static Gather ofThread() {
    return OF_THREAD.get();
  }

  /** Points at the frame, which must not move until it is written: the address of {@code iov}. */
  long point(EthernetFrame frame) {
    iovec.set(JAVA_LONG, FRAME_BASE, addressOf(frame));
    iovec.set(JAVA_LONG, FRAME_LENGTH, frame.length());
    return iovec.address();
  }

  private long addressOf(EthernetFrame frame) {
    ByteBuf buffer = frame.buffer();
    return buffer.hasMemoryAddress() ? buffer.memoryAddress() + frame.start() : copyOf(frame);
  }

  /** Heap and composite buffers have no address for the kernel. */
  private long copyOf(EthernetFrame frame) {
    if (copy == null) {
      copy = Arena.ofAuto().allocate(EthernetFrame.MAX_LENGTH);
    }
    ByteBuffer target = copy.asByteBuffer().limit(frame.length());
    frame.buffer().getBytes(frame.start(), target);
    return copy.address();
  }
}
