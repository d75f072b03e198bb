package etherws.device;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import etherws.frame.EthernetFrame;
import etherws.frame.Offload;
import etherws.frame.Segmenter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Writes frames behind vnet headers, without allocating. One per thread. */
public final class Gather {
  /*
   * struct iovec {
   *   void  *iov_base;    // 0
   *   size_t iov_len;     // 8
   * } iov[2];             // the header, the frame
   */
  private static final int COUNT = 2;

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
  private final Segmenter segmenter = new Segmenter();
  private final EthernetFrame plain = new EthernetFrame();
  private @Nullable MemorySegment copy;

  private Gather() {
    Arena arena = Arena.ofAuto();
    header = arena.allocate(VnetHeader.LENGTH);
    iovec = arena.allocateFrom(JAVA_LONG, header.address(), header.byteSize(), 0, 0);
  }

  public static Gather ofThread() {
    return OF_THREAD.get();
  }

  /** Writes a frame: octets with its header, or -errno. */
  public long write(DeviceFile file, EthernetFrame frame) {
    if (frame.offload() == Offload.UDP && !file.segmentsUdp()) {
      return writeSegments(file, frame);
    }
    if (frame.headroom() >= VnetHeader.LENGTH && hasAddress(frame.buffer())) {
      return writeInPlace(file, frame);
    }
    VnetHeader.write(header, 0, frame);
    iovec.set(JAVA_LONG, FRAME_BASE, addressOf(frame));
    iovec.set(JAVA_LONG, FRAME_LENGTH, frame.length());
    return file.write(iovec.address(), COUNT);
  }

  private long writeInPlace(DeviceFile file, EthernetFrame frame) {
    long address = Memory.addressOf(frame.buffer()) + frame.start() - VnetHeader.LENGTH;
    VnetHeader.write(Memory.ALL, address, frame);
    return file.writeAt(address, VnetHeader.LENGTH + frame.length());
  }

  /** For a kernel that segments no UDP: 0, or what the last refused segment got. */
  public long writeSegments(DeviceFile file, EthernetFrame frame) {
    long result = 0;
    int segments = segmenter.begin(frame);
    for (int i = 0; i < segments; i++) {
      ByteBuf segment = PooledByteBufAllocator.DEFAULT.directBuffer(segmenter.length(i));
      segmenter.write(i, segment);
      plain.wrap(segment, 0, segment.readableBytes());
      result = Math.min(result, write(file, plain));
      segment.release();
    }
    return result;
  }

  private long addressOf(EthernetFrame frame) {
    return hasAddress(frame.buffer())
        ? Memory.addressOf(frame.buffer()) + frame.start()
        : copyOf(frame);
  }

  /** Heap and composite buffers have none for the kernel. */
  private static boolean hasAddress(ByteBuf buffer) {
    return buffer.isDirect() && buffer.nioBufferCount() == 1;
  }

  private long copyOf(EthernetFrame frame) {
    if (copy == null) {
      copy = Arena.ofAuto().allocate(EthernetFrame.MAX_LENGTH);
    }
    ByteBuffer target = copy.asByteBuffer().limit(frame.length());
    frame.buffer().getBytes(frame.start(), target);
    return copy.address();
  }
}
