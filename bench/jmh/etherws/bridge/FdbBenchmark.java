package etherws.bridge;

import etherws.frame.EthernetFrame;
import etherws.metrics.PortCounters;
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
import org.openjdk.jmh.annotations.Setup;

/** An address looked up, and learned again, among so many others. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FdbBenchmark {
  @Param({"10", "1000", "10000"})
  public int addresses;

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

  private final Attachment port =
      new Bridge(BridgeSettings.DEFAULTS, System::nanoTime)
          .attach(new Sink(), PortPolicy.CLIENT);
  private final Fdb fdb = new Fdb(BridgeSettings.DEFAULTS, (mac, from, to, now) -> {});
  private int next;

  @Setup
  public void learnAll() {
    for (int i = 0; i < addresses; i++) {
      fdb.learn(0, address(i), port, System.nanoTime());
    }
  }

  @Benchmark
  public Attachment lookup() {
    return fdb.lookup(0, address(next()), System.nanoTime());
  }

  @Benchmark
  public Object learn() {
    return fdb.learn(0, address(next()), port, System.nanoTime());
  }

  private int next() {
    next = next + 1 == addresses ? 0 : next + 1;
    return next;
  }

  private static long address(int i) {
    return 0x02_00_00_00_00_00L + i;
  }
}
