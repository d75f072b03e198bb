package etherws.stream;

import static org.assertj.core.api.Assertions.assertThat;

import etherws.bridge.Bridge;
import etherws.bridge.BridgeSettings;
import etherws.bridge.PortPolicy;
import etherws.metrics.DropReason;
import etherws.testing.Frames;
import etherws.testing.RecordingPort;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * <pre>
 * recording port -- etherws bridge -- StreamConnector ---- socket ---- a peer that listens
 * </pre>
 */
@ParameterizedClass
@ValueSource(booleans = {true, false})
class StreamConnectorTest {
  @TempDir private Path directory;

  private final boolean unix;
  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final Bridge bridge = new Bridge(BridgeSettings.DEFAULTS, () -> 0);
  private final RecordingPort recorder = new RecordingPort("recorder");

  StreamConnectorTest(boolean unix) {
    this.unix = unix;
    bridge.attach(recorder, PortPolicy.LOCAL);
  }

  @AfterEach
  void stopLoops() {
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @Test
  void framesPassBothWays() throws Exception {
    try (ServerSocketChannel listening = listen(anyAddress())) {
      StreamConnector connector = start(listening.getLocalAddress());
      try (Peer peer = new Peer(listening.accept())) {
        byte[] in = Frames.octets(Frames.BOB, Frames.ALICE, 1514);
        peer.send(in);
        assertThat(recorder.await(1)).containsExactly(in);

        byte[] out = Frames.octets(Frames.ALICE, Frames.BOB, 60);
        connector.attachment().port().offer(Frames.view(out));
        assertThat(peer.receive()).isEqualTo(out);
        stop(connector);
        peer.awaitEnd();
      }
    }
    assertThat(bridge.ports()).containsExactly(recorder);
  }

  @Test
  void connectsAgainAndIsTheSamePort() throws Exception {
    try (ServerSocketChannel listening = listen(anyAddress())) {
      StreamConnector connector = start(listening.getLocalAddress());
      for (int i = 1; i <= 3; i++) {
        try (Peer peer = new Peer(listening.accept())) {
          peer.send(Frames.octets(Frames.BOB, Frames.ALICE, 60));
          recorder.await(i);
        }
      }
      assertThat(bridge.ports()).containsExactly(recorder, connector.attachment().port());
      assertThat(connector.attachment().port().counters().ingressFrames()).isEqualTo(3);
      stop(connector);
    }
  }

  @Test
  void waitsForAPeerThatIsNotThereYet() throws Exception {
    SocketAddress address;
    try (ServerSocketChannel listening = listen(anyAddress())) {
      address = listening.getLocalAddress();
    }
    if (unix) {
      Files.delete(((UnixDomainSocketAddress) address).getPath());
    }
    StreamConnector connector = start(address);
    connector.attachment().port().offer(Frames.frame(Frames.ALICE, Frames.BOB));
    assertThat(connector.attachment().port().counters().drops(DropReason.LINK_DOWN)).isEqualTo(1);
    try (ServerSocketChannel listening = listen(address);
        Peer peer = new Peer(listening.accept())) {
      byte[] frame = Frames.octets(Frames.BOB, Frames.ALICE, 60);
      peer.send(frame);
      assertThat(recorder.await(1)).containsExactly(frame);
      stop(connector);
    }
  }

  @Test
  void aPeerThatBreaksTheRulesIsConnectedToAgain() throws Exception {
    try (ServerSocketChannel listening = listen(anyAddress())) {
      StreamConnector connector = start(listening.getLocalAddress());
      try (Peer bad = new Peer(listening.accept())) {
        bad.send("ffffffff");
        bad.awaitEnd();
      }
      new Peer(listening.accept()).close();
      stop(connector);
    }
  }

  @Test
  void stopsWhileNobodyIsThere() throws Exception {
    StreamConnector connector =
        start(
            unix
                ? UnixDomainSocketAddress.of(directory.resolve("none"))
                : InetSocketAddress.createUnresolved("name.invalid", 1));
    stop(connector);
    stop(connector);
    assertThat(bridge.ports()).containsExactly(recorder);
  }

  private SocketAddress anyAddress() {
    return unix
        ? UnixDomainSocketAddress.of(directory.resolve("s"))
        : new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private ServerSocketChannel listen(SocketAddress address) throws IOException {
    ServerSocketChannel listening =
        unix ? ServerSocketChannel.open(StandardProtocolFamily.UNIX) : ServerSocketChannel.open();
    return listening.bind(address);
  }

  private StreamConnector start(SocketAddress address) {
    StreamConnector connector =
        new StreamConnector(
            new StreamSettings(address, false),
            loops.next(),
            bridge,
            PortPolicy.LOCAL,
            System::nanoTime,
            new Random(1));
    connector.start();
    return connector;
  }

  private static void stop(StreamConnector connector) throws Exception {
    connector.stop().toCompletableFuture().get(5, TimeUnit.SECONDS);
  }
}
