package etherws.tap;

import static etherws.testing.PrivateNetwork.run;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.bridge.Bridge;
import etherws.bridge.BridgeSettings;
import etherws.bridge.Port;
import etherws.bridge.PortPolicy;
import etherws.frame.EthernetFrame;
import etherws.frame.Packet;
import etherws.metrics.PortCounters;
import etherws.testing.PrivateNetwork;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A device with a queue for each of two loops.
 *
 * <pre>
 * witness -- etherws bridge -- TapPort | tap0 10.0.1.2, which nobody listens on
 *                              the kernel
 * </pre>
 */
@ExtendWith(PrivateNetwork.class)
class TapQueuesTest {
  private static final int FLOWS = 16;

  private final Bridge bridge = new Bridge(BridgeSettings.DEFAULTS, () -> 0);
  private final Witness witness = new Witness();
  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(2, EpollIoHandler.newFactory());
  private final List<IoEventLoop> loops = new ArrayList<>();

  /** Where a TCP segment for one of our ports came in. */
  private record Arrival(int port, Thread thread) {}

  /** Sees all that the kernel sends. */
  private static final class Witness implements Port {
    private final PortCounters counters = new PortCounters();
    private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();

    @Override
    public String name() {
      return "witness";
    }

    @Override
    public PortCounters counters() {
      return counters;
    }

    @Override
    public void offer(EthernetFrame frame) {
      if (frame.etherType() == 0x0800 && frame.buffer().getByte(frame.start() + 23) == 6) {
        int port = frame.buffer().getUnsignedShort(frame.start() + 36);
        arrivals.add(new Arrival(port, Thread.currentThread()));
      }
    }

    Arrival next() throws InterruptedException {
      Arrival arrival = arrivals.poll(5, TimeUnit.SECONDS);
      if (arrival == null) {
        throw new AssertionError("no frame came");
      }
      return arrival;
    }
  }

  TapQueuesTest() {
    group.forEach(loop -> loops.add((IoEventLoop) loop));
  }

  @AfterEach
  void stopLoops() {
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @Test
  void aFlowComesBackOnTheLoopThatWritesIt() throws Exception {
    TapPort port = start(2);
    assertThat(run("ip", "-d", "link", "show", "tap0")).contains("numqueues 2 ");

    for (int flow = 0; flow < FLOWS; flow++) {
      for (IoEventLoop loop : loops) {
        Thread thread = loop.submit(Thread::currentThread).get();
        assertThat(answered(port, loop, 40_000 + flow).port()).isEqualTo(40_000 + flow);
        // The kernel takes note of a flow when it has dealt with the frame, its answer included.
        assertThat(answered(port, loop, 40_000 + flow).thread())
            .as("flow %d", flow)
            .isSameAs(thread);
      }
    }
    close(port);
  }

  @Test
  void framesOfAllQueuesAreRead() throws Exception {
    TapPort port = start(2);
    List<Thread> threads = new ArrayList<>();
    for (int flow = 0; flow < 4 * FLOWS; flow++) {
      threads.add(answered(port, loops.getFirst(), 40_000 + flow).thread());
    }

    assertThat(threads).as("new flows are spread").containsAll(threadsOf(loops));
    close(port);
  }

  @Test
  void aDeviceMadeForOneQueueWorksWhenSeveralAreAskedFor() throws Exception {
    run("ip", "tuntap", "add", "dev", "tap0", "mode", "tap");
    TapPort port = start(2);

    for (IoEventLoop loop : loops) {
      assertThat(answered(port, loop, 40_000).port()).isEqualTo(40_000);
    }
    close(port);
  }

  @Test
  void aDeviceMadeForSeveralQueuesWorksWhenOneIsAskedFor() throws Exception {
    run("ip", "tuntap", "add", "dev", "tap0", "mode", "tap", "multi_queue");
    TapPort port = start(1);

    for (IoEventLoop loop : loops) {
      assertThat(answered(port, loop, 40_000).port()).isEqualTo(40_000);
    }
    close(port);
  }

  private TapPort start(int queues) throws Exception {
    TapDevice device = TapDevice.open(new TapSettings("tap0", 1500, null), queues);
    TapPort port =
        new TapPort(
            device,
            bridge,
            PortPolicy.LOCAL,
            loops,
            problem -> {
              throw new AssertionError(problem);
            });
    bridge.attach(witness, PortPolicy.LOCAL);
    run("ip", "link", "set", "tap0", "address", "02:00:00:00:00:0b");
    run("ip", "addr", "add", "10.0.1.2/8", "dev", "tap0");
    run("ip", "neigh", "add", "10.0.0.1", "lladdr", "02:00:00:00:00:0a", "dev", "tap0");
    port.start().toCompletableFuture().get(5, TimeUnit.SECONDS);
    return port;
  }

  /** A segment goes in on that loop; the kernel, which knows no such connection, resets it. */
  private Arrival answered(TapPort port, IoEventLoop loop, int number) throws Exception {
    Packet segment = Packet.tcp(false, new byte[0]).from(number);
    loop.submit(() -> port.offer(segment.plain())).get();
    return witness.next();
  }

  private static List<Thread> threadsOf(List<IoEventLoop> loops) throws Exception {
    List<Thread> threads = new ArrayList<>();
    for (IoEventLoop loop : loops) {
      threads.add(loop.submit(Thread::currentThread).get());
    }
    return threads;
  }

  private static void close(TapPort port) throws Exception {
    port.close().toCompletableFuture().get(5, TimeUnit.SECONDS);
  }
}
