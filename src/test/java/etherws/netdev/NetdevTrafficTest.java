package etherws.netdev;

import static etherws.testing.PrivateNetwork.run;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.bridge.Bridge;
import etherws.bridge.BridgeSettings;
import etherws.bridge.PortPolicy;
import etherws.metrics.DropReason;
import etherws.testing.Lab;
import etherws.testing.PrivateNetwork;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Two hosts that reach each other by an etherws bridge and nothing else.
 *
 * <pre>
 * host 1 | eth ==== net1 | NetdevPort -- etherws bridge -- NetdevPort | net2 ==== eth | host 2
 *    10.1.0.1                                                            10.1.0.2
 * </pre>
 */
@ExtendWith(PrivateNetwork.class)
class NetdevTrafficTest {
  private static final long OCTETS = 100_000_000;

  private final Bridge bridge = new Bridge(BridgeSettings.DEFAULTS, System::nanoTime);
  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(2, EpollIoHandler.newFactory());

  /** A host: a process in a network namespace of its own, and its cable to us. */
  private record Host(Process process, NetdevPort port) {
    String on(String... command) throws Exception {
      return run(words(command));
    }

    String[] words(String... command) {
      Stream<String> enter = Stream.of("nsenter", "-n", "-t", Long.toString(process.pid()));
      return Stream.concat(enter, Stream.of(command)).toArray(String[]::new);
    }

    void end() throws Exception {
      port.close().toCompletableFuture().get(5, TimeUnit.SECONDS);
      process.destroyForcibly().waitFor();
    }
  }

  @AfterEach
  void stopLoops() {
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @Test
  void aConnectionRunsOnSuperFrames() throws Exception {
    Host left = host(1);
    Host right = host(2);
    try {
      transfer(left, right, "10.1.0.2");

      // All but what iperf3 had in its socket when it was done.
      assertThat(left.port.counters().ingressOctets()).isGreaterThan(OCTETS / 10 * 9);
      assertThat(left.port.counters().ingressOctets() / left.port.counters().ingressFrames())
          .as("octets in a frame")
          .isGreaterThan(5_000);
      assertThat(right.port.counters().drops(DropReason.OFFLOAD)).isZero();
      assertThat(left.port.counters().drops(DropReason.OFFLOAD)).isZero();
      assertThat(right.port.counters().drops(DropReason.GIANT)).isZero();
    } finally {
      left.end();
      right.end();
    }
  }

  private static void transfer(Host left, Host right, String address) throws Exception {
    Process server =
        new ProcessBuilder(right.words("iperf3", "-s", "-1"))
            .redirectOutput(Redirect.DISCARD)
            .start();
    try {
      Lab.await("iperf3 listens", Duration.ofSeconds(5), () -> listens(right));
      left.on("ping", "-n", "-q", "-c", "3", "-i", "0.01", "-s", "1472", "-M", "do", address);
      left.on("iperf3", "-c", address, "-n", Long.toString(OCTETS));
    } finally {
      server.destroyForcibly();
    }
  }

  private static boolean listens(Host host) {
    try {
      return !host.on("ss", "-Hltn", "sport = :5201").isBlank();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private Host host(int number) throws Exception {
    Process process = new ProcessBuilder("unshare", "-n", "sleep", "60").start();
    String net = "net" + number;
    Path ours = Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net"));
    Lab.await("a namespace", Duration.ofSeconds(5), () -> !ours.equals(namespaceOf(process)));
    run("ip", "link", "add", net, "type", "veth", "peer", "eth", "netns", "" + process.pid());
    run("ip", "link", "set", net, "up");
    PacketSocket socket = PacketSocket.open(new NetdevSettings(net));
    NetdevPort port =
        new NetdevPort(
            socket,
            bridge,
            PortPolicy.LOCAL,
            loops.next(),
            gone -> {
              throw new AssertionError(gone);
            });
    port.start().toCompletableFuture().get(5, TimeUnit.SECONDS);
    Host host = new Host(process, port);
    host.on("ip", "link", "set", "eth", "up");
    host.on("ip", "address", "add", "10.1.0." + number + "/24", "dev", "eth");
    return host;
  }

  private static Path namespaceOf(Process process) {
    try {
      return Files.readSymbolicLink(Path.of("/proc/" + process.pid() + "/ns/net"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
