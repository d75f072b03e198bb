package etherws.bridge;

import etherws.frame.EthernetFrame;
import etherws.metrics.PortCounters;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A frame through a bridge of eight ports: one from a client to a TAP, and one to all. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class BridgeBenchmark {
  private static final long TAP = 0x02_00_00_00_00_0aL;
  private static final long CLIENT = 0x02_00_00_00_00_0bL;

  private final Bridge bridge = new Bridge(BridgeSettings.DEFAULTS, System::nanoTime);
  private final Attachment tap = bridge.attach(new Sink(), PortPolicy.LOCAL);
  private final Attachment client = bridge.attach(new Sink(), PortPolicy.CLIENT);
  private final EthernetFrame unicast = frame(TAP, CLIENT);
  private final EthernetFrame broadcast = frame(0xffff_ffff_ffffL, TAP);

  private static final class Sink implements Port {
    private final PortCounters counters = new PortCounters();

    @Override
    public String name() {
      return "port";
    }

    @Override
    public PortCounters counters() {
      return counters;
    }

    @Override
    public void offer(EthernetFrame frame) {}
  }

  private static EthernetFrame frame(long destination, long source) {
    ByteBuf buffer = Unpooled.directBuffer(1514);
    buffer.writeLong(destination << 16 | source >>> 32).writeInt((int) source).writeShort(0x0800);
    buffer.writeZero(1500);
    EthernetFrame frame = new EthernetFrame();
    frame.wrap(buffer, 0, 1514);
    return frame;
  }

  @Setup
  public void attachAll() {
    for (int i = 0; i < 6; i++) {
      bridge.attach(new Sink(), PortPolicy.CLIENT);
    }
    tap.receive(broadcast);
    client.receive(unicast);
  }

  @Benchmark
  public void forward() {
    client.receive(unicast);
  }

  @Benchmark
  public void flood() {
    tap.receive(broadcast);
  }
}
