package etherws.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import etherws.bridge.Bridge;
import etherws.bridge.BridgeSettings;
import etherws.bridge.Port;
import etherws.bridge.PortPolicy;
import etherws.frame.EthernetFrame;
import etherws.frame.Offload;
import etherws.frame.Packet;
import etherws.metrics.DropReason;
import etherws.testing.Frames;
import etherws.testing.Lab;
import etherws.testing.RecordingPort;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * <pre>
 * recording port -- etherws bridge -- StreamListener ---- socket ---- peers
 * </pre>
 */
@ParameterizedClass
@EnumSource(StreamListenerTest.Kind.class)
class StreamListenerTest {
  enum Kind {
    EPOLL_UNIX,
    EPOLL_TCP,
    NIO_UNIX,
    NIO_TCP;

    boolean isUnix() {
      return this == EPOLL_UNIX || this == NIO_UNIX;
    }

    IoHandlerFactory factory() {
      return this == EPOLL_UNIX || this == EPOLL_TCP
          ? EpollIoHandler.newFactory()
          : NioIoHandler.newFactory();
    }
  }

  @TempDir private Path directory;

  private final Kind kind;
  private final MultiThreadIoEventLoopGroup loops;
  private final Bridge bridge = new Bridge(BridgeSettings.DEFAULTS, () -> 0);
  private final RecordingPort recorder = new RecordingPort("recorder");

  StreamListenerTest(Kind kind) {
    this.kind = kind;
    loops = new MultiThreadIoEventLoopGroup(2, kind.factory());
    bridge.attach(recorder, PortPolicy.LOCAL);
  }

  @AfterEach
  void stopLoops() {
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @Test
  void everyConnectionIsAPortNamedAfterIt() throws Exception {
    StreamListener listener = start();
    String name = kind.isUnix() ? "stream:" + file() + "#[12]" : "stream:127\\.0\\.0\\.1:\\d+";
    try (Peer bob = Peer.connect(addressOf(listener))) {
      try (Peer alice = Peer.connect(addressOf(listener))) {
        await("both joined", () -> bridge.ports().size() == 3);
        assertThat(ports().stream().map(Port::name).distinct())
            .hasSize(2)
            .allMatch(port -> port.matches(name));

        byte[] hello = Frames.octets(Frames.BOB, Frames.ALICE, 60);
        alice.send(hello);
        assertThat(bob.receive()).isEqualTo(hello);
        byte[] answer = Frames.octets(Frames.ALICE, Frames.BOB, 1514);
        bob.send(answer);
        assertThat(alice.receive()).isEqualTo(answer);
        assertThat(recorder.await(1)).containsExactly(hello); // the answer had a port
      }
      await("one left", () -> bridge.ports().size() == 2);
    }
    await("all left", () -> bridge.ports().size() == 1);
    listener.stop();
  }

  @Test
  void framesOfEveryLengthArriveHoweverTheyAreCut() throws Exception {
    StreamListener listener = start();
    try (Peer peer = Peer.connect(addressOf(listener))) {
      peer.send("0000000e 02000000000b02000000000a");
      peer.send("88b5");
      int came = 1;
      for (int length : List.of(60, 1514, 9018, EthernetFrame.MAX_LENGTH)) {
        byte[] frame = Frames.octets(Frames.BOB, Frames.ALICE, length);
        peer.send(frame);
        came++;
        assertThat(recorder.await(came).getLast()).isEqualTo(frame);

        byte[] back = Frames.octets(Frames.ALICE, Frames.CAROL, length);
        port().offer(Frames.view(back));
        assertThat(peer.receive()).isEqualTo(back);
      }
    }
    listener.stop();
  }

  @Test
  void aLengthThatNoFrameHasEndsTheConnection() throws Exception {
    StreamListener listener = start();
    try (Peer good = Peer.connect(addressOf(listener));
        Peer bad = Peer.connect(addressOf(listener))) {
      bad.send("00010016 00");
      bad.awaitEnd();
      await("it left", () -> bridge.ports().size() == 2);
      byte[] frame = Frames.octets(Frames.BOB, Frames.ALICE, 60);
      good.send(frame);
      assertThat(recorder.await(1)).containsExactly(frame);
    }
    listener.stop();
  }

  @Test
  void superFramesGoOutInSegmentsAndSegmentsComeInAsOne() throws Exception {
    StreamListener listener = start();
    Packet packet = Packet.tcp(false, Packet.octets(new Random(1), 30_000));
    try (Peer peer = Peer.connect(addressOf(listener))) {
      await("it joined", () -> bridge.ports().size() == 2);
      EthernetFrame frame = packet.offloaded(Offload.TCP, 1400);
      for (EventExecutor loop : loops) { // its own one, and another
        loop.submit(() -> port().offer(frame)).sync();
        for (Packet segment : packet.cut(1400)) {
          assertThat(peer.receive()).isEqualTo(segment.octets());
        }
      }
      assertThat(port().counters().egressFrames()).isEqualTo(44);

      ByteBuf all = Unpooled.buffer();
      for (Packet segment : packet.cut(1400)) {
        byte[] octets = segment.octets();
        all.writeInt(octets.length).writeBytes(octets);
      }
      peer.send(ByteBufUtil.hexDump(all));
      await("all came", () -> port().counters().ingressOctets() >= 30_054);
      assertThat(port().counters().ingressFrames()).isLessThan(22);
    }
    listener.stop();
  }

  /** No thread waits for it, and what waits for it is bounded. */
  @Test
  void aPeerThatDoesNotReadLosesFrames() throws Exception {
    StreamListener listener = start();
    try (Peer peer = Peer.connect(addressOf(listener))) {
      await("it joined", () -> bridge.ports().size() == 2);
      Port port = port();
      byte[] frame = Frames.octets(Frames.ALICE, Frames.BOB, 60_000);
      for (int i = 0; port.counters().drops(DropReason.QUEUE_FULL) == 0; i++) {
        assertThat(i).isLessThan(10_000);
        port.offer(Frames.view(frame));
      }
      long sent = port.counters().egressFrames();
      for (long i = 0; i < sent; i++) {
        assertThat(peer.receive()).isEqualTo(frame);
      }
      await(
          "it takes frames again",
          () -> {
            port.offer(Frames.view(frame));
            return port.counters().egressFrames() > sent;
          });
      assertThat(peer.receive()).isEqualTo(frame);
    }
    listener.stop();
  }

  @Test
  void stopEndsConnectionsAndFreesTheAddress() throws Exception {
    StreamListener listener = start();
    SocketAddress address = addressOf(listener);
    try (Peer peer = Peer.connect(address)) {
      await("it joined", () -> bridge.ports().size() == 2);
      listener.stop();
      peer.awaitEnd();
    }
    listener.stop();
    await("it left", () -> bridge.ports().size() == 1);
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> Peer.connect(address));
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void saysThatSomebodyListensThereAlready() throws Exception {
    StreamListener listener = start();
    StreamSettings taken = new StreamSettings(addressOf(listener), true);
    StreamListener second = new StreamListener(taken, loops, bridge, PortPolicy.LOCAL);

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(second::start)
        .withMessageStartingWith("cannot listen on " + Sockets.text(taken.address()) + ": ");

    Peer.connect(addressOf(listener)).close(); // the first has not suffered
    listener.stop();
  }

  @Test
  void aSocketsFileIsForOwnerAndGroupAndAStaleOneIsReplaced() throws Exception {
    if (kind.isUnix()) {
      try (ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        killed.bind(UnixDomainSocketAddress.of(file())); // the JDK leaves the file behind
      }
      assertThat(file()).exists();

      StreamListener listener = start();

      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
          .isEqualTo("rw-rw----");
      listener.stop();
      assertThat(file()).doesNotExist();
    }
  }

  @Test
  void aFileThatIsNoSocketIsLeftAlone() throws Exception {
    if (kind.isUnix()) {
      Files.writeString(file(), "precious");

      assertThatExceptionOfType(IOException.class)
          .isThrownBy(this::start)
          .withMessage("cannot listen on %s: the file exists, and is no socket", file());

      assertThat(file()).hasContent("precious");
    }
  }

  @Test
  void aNewPolicyIsThatOfAllPorts() throws Exception {
    StreamListener listener = start();
    listener.policy(PortPolicy.CLIENT);
    try (Peer peer = Peer.connect(addressOf(listener))) {
      await("it joined", () -> bridge.ports().size() == 2);
      assertThat(((StreamPort) port()).attachment().policy()).isEqualTo(PortPolicy.CLIENT);
      listener.policy(PortPolicy.LOCAL);
      assertThat(((StreamPort) port()).attachment().policy()).isEqualTo(PortPolicy.LOCAL);
      peer.send(Frames.octets(Frames.BOB, Frames.ALICE, 60));
      recorder.await(1);
    }
    listener.stop();
  }

  private Path file() {
    return directory.resolve("s");
  }

  private StreamListener start() throws IOException {
    SocketAddress address =
        kind.isUnix()
            ? UnixDomainSocketAddress.of(file())
            : new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    StreamListener listener =
        new StreamListener(new StreamSettings(address, true), loops, bridge, PortPolicy.LOCAL);
    listener.start();
    return listener;
  }

  private static SocketAddress addressOf(StreamListener listener) {
    return listener.address() instanceof DomainSocketAddress unix
        ? UnixDomainSocketAddress.of(unix.path())
        : listener.address();
  }

  private List<Port> ports() {
    return bridge.ports().stream().filter(port -> port != recorder).toList();
  }

  /** That of the only connection. */
  private Port port() {
    await("a port", () -> ports().size() == 1);
    return ports().getFirst();
  }

  private static void await(String what, BooleanSupplier condition) {
    Lab.await(what, Duration.ofSeconds(5), condition);
  }
}
