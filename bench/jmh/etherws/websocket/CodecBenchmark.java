package etherws.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Messages of one payload size: masked, written and read. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CodecBenchmark implements WsSink {
  @Param({"64", "1514", "65226"})
  public int payload;

  private final ByteBuf frame = PooledByteBufAllocator.DEFAULT.directBuffer(1 << 17).writeZero(1 << 17);
  private final ByteBuf out = PooledByteBufAllocator.DEFAULT.directBuffer(1 << 17);
  private final ByteBuf in = PooledByteBufAllocator.DEFAULT.directBuffer(1 << 17);
  private final WsWriter writer = WsWriter.masked(new WsKeys(new SecureRandom()));
  private final WsReader reader = new WsReader(true, new WsLimits(1 << 17, 1), this);
  private long received;

  @Benchmark
  public int mask() {
    WsMask.apply(frame, 0, payload, 0x12345678);
    return payload;
  }

  @Benchmark
  public int write() {
    out.clear();
    writer.binary(out, frame, 0, payload);
    return out.writerIndex();
  }

  @Benchmark
  public long writeAndRead() {
    in.clear();
    writer.binary(in, frame, 0, payload);
    reader.read(in);
    return received;
  }

  @Override
  public void binary(ByteBuf buffer, int index, int length) {
    received += length;
  }

  @Override
  public void text(ByteBuf buffer, int index, int length) {}

  @Override
  public void ping(ByteBuf buffer, int index, int length) {}

  @Override
  public void pong(ByteBuf buffer, int index, int length) {}

  @Override
  public void close(int code, String reason) {}
}
