package etherws.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A 64 KiB super-frame of TCP over IPv4 to 45 full-size frames, and back. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class OffloadBenchmark {
  private static final int HEADERS = 66;
  private static final int SEGMENT = 1448;
  private static final int SEGMENTS = 45;
  private static final int LENGTH = HEADERS + SEGMENTS * SEGMENT;

  private final EthernetFrame frame = new EthernetFrame();
  private final Segmenter segmenter = new Segmenter();
  private final EthernetFrame view = new EthernetFrame();
  private final ByteBuf out = PooledByteBufAllocator.DEFAULT.directBuffer(1 << 17);
  private long received;
  private final Coalescer coalescer = new Coalescer(whole -> received += whole.length());

  public OffloadBenchmark() {
    ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(LENGTH).writerIndex(LENGTH);
    for (int i = 0; i < LENGTH; i++) {
      buffer.setByte(i, i * 31);
    }
    buffer.setShort(12, 0x0800).setByte(14, 0x45).setShort(16, LENGTH - 14).setShort(20, 0x4000);
    buffer.setByte(23, 6).setByte(46, 0x80).setByte(47, 0x10);
    frame.wrap(buffer, 0, LENGTH);
    if (!frame.offload(Offload.TCP, SEGMENT)) {
      throw new IllegalStateException();
    }
    segment();
  }

  @Benchmark
  public int segment() {
    out.clear();
    int segments = segmenter.begin(frame);
    for (int i = 0; i < segments; i++) {
      segmenter.write(i, out);
    }
    return out.writerIndex();
  }

  @Benchmark
  public long coalesce() {
    for (int i = 0; i < SEGMENTS; i++) {
      view.wrap(out, i * (HEADERS + SEGMENT), HEADERS + SEGMENT);
      coalescer.offer(view);
    }
    coalescer.flush();
    return received;
  }

  @Benchmark
  public long checksum() {
    return Checksum.sum(frame.buffer(), 0, LENGTH);
  }
}
