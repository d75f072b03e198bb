package etherws.netdev;

import static etherws.testing.PrivateNetwork.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import etherws.bridge.Bridge;
import etherws.bridge.BridgeSettings;
import etherws.bridge.PortPolicy;
import etherws.frame.EthernetFrame;
import etherws.frame.Offload;
import etherws.frame.Packet;
import etherws.frame.RawTap;
import etherws.linux.Errno;
import etherws.linux.LinuxException;
import etherws.linux.NetDevice;
import etherws.metrics.DropReason;
import etherws.netdev.Witness.Seen;
import etherws.testing.Lab;
import etherws.testing.PrivateNetwork;
import io.netty.buffer.Unpooled;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * <pre>
 * witness -- etherws bridge -- NetdevPort | net0 ====== net1 -- br0 -- tap0 | RawTap
 *                                            veth pair     the kernel
 * </pre>
 */
@ParameterizedClass
@EnumSource(NetdevPortTest.Polling.class)
@ExtendWith(PrivateNetwork.class)
class NetdevPortTest {
  enum Polling {
    EPOLL,
    NIO;

    IoHandlerFactory factory() {
      return switch (this) {
        case EPOLL -> EpollIoHandler.newFactory();
        case NIO -> NioIoHandler.newFactory();
      };
    }
  }

  private static final int MTU = 9000;
  private static final int SIZE = 1400;
  private static final byte[] NO_FACTS = new byte[10];

  private final Random random = new Random(20261122);
  private final Bridge bridge = new Bridge(BridgeSettings.DEFAULTS, () -> 0);
  private final Witness witness = new Witness();
  private final BlockingQueue<LinuxException> gone = new LinkedBlockingQueue<>();
  private final MultiThreadIoEventLoopGroup loops;

  NetdevPortTest(Polling polling) {
    loops = new MultiThreadIoEventLoopGroup(1, polling.factory());
    bridge.attach(witness, PortPolicy.LOCAL);
  }

  @AfterEach
  void stopLoops() {
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @Test
  void framesOfEveryLengthPassUncutInBothDirections() throws Exception {
    NetdevPort port = start();
    try (RawTap host = host()) {
      for (int length : List.of(14, 60, 1514, MTU, MTU + 14)) {
        byte[] in = frame(length);
        host.write(NO_FACTS, in);
        assertThat(witness.next()).as("ingress of " + length).isEqualTo(Seen.plain(in));

        byte[] out = frame(length);
        port.offer(view(out));
        assertThat(host.read()).as("egress of " + length).isEqualTo(out);
      }
    }
    assertThat(port.counters().egressFrames()).isEqualTo(5);
    close(port);
  }

  /** The kernel takes the outer one out before a packet socket sees the frame. */
  @Test
  void taggedFramesKeepTheirTags() throws Exception {
    NetdevPort port = start();
    try (RawTap host = host()) {
      for (byte[] in :
          List.of(
              tagged(0x8100_0005, 60),
              tagged(0x8100_e00a, MTU + 18),
              tagged(0x8100_0000, 60),
              tagged(0x88a8_0007, 1000),
              withTag(0x88a8_0007, tagged(0x8100_0005, 1000)),
              withTag(0x8100_0007, tagged(0x8100_0005, 1000)))) {
        byte[] out = in.clone();
        out[11]++;

        host.write(NO_FACTS, in);
        assertThat(witness.next()).isEqualTo(Seen.plain(in));
        port.offer(view(out));
        assertThat(host.read()).isEqualTo(out);
      }
    }
    close(port);
  }

  @Test
  void neitherWhatItSendsNorWhatThisHostSendsComesIn() throws Exception {
    NetdevPort port = start();
    run("ip", "address", "add", "10.0.0.1/24", "dev", "net0");
    run("ip", "neighbor", "add", "10.0.0.2", "lladdr", "02:00:00:00:00:02", "dev", "net0");
    try (RawTap host = host();
        DatagramSocket socket = new DatagramSocket()) {
      byte[] own = frame(60);
      port.offer(view(own));
      assertThat(host.read()).isEqualTo(own);
      socket.send(new DatagramPacket(new byte[58], 58, InetAddress.ofLiteral("10.0.0.2"), 9));
      assertThat(host.read()).hasSize(100);
      byte[] other = frame(61);
      host.write(NO_FACTS, other);

      assertThat(witness.next()).isEqualTo(Seen.plain(other));
    }
    close(port);
  }

  @Test
  void moreFramesThanABatchAllArriveInOrder() throws Exception {
    NetdevPort port = start();
    try (RawTap host = host()) {
      List<byte[]> sent = Stream.generate(() -> frame(100)).limit(300).toList();
      sent.forEach(frame -> host.write(NO_FACTS, frame));
      for (byte[] frame : sent) {
        assertThat(witness.next()).isEqualTo(Seen.plain(frame));
      }
    }
    close(port);
  }

  @Test
  void superFramesComeInWhole() throws Exception {
    NetdevPort port = start();
    try (RawTap host = host()) {
      for (Packet packet : superPackets()) {
        EthernetFrame frame = packet.offloaded(offloadOf(packet), SIZE);
        Seen sent = Seen.of(frame);
        host.write(RawTap.header(frame), octets(frame));

        assertThat(witness.next()).isEqualTo(sent);
      }
    }
    close(port);
  }

  @Test
  void superFramesGoOutAndAreCutByTheKernel() throws Exception {
    NetdevPort port = start();
    try (RawTap host = host()) {
      for (Packet packet : superPackets()) {
        port.offer(packet.offloaded(offloadOf(packet), SIZE));
        for (Packet segment : packet.cut(SIZE)) {
          assertThat(host.read()).isEqualTo(segment.octets());
        }
      }
    }
    assertThat(port.counters().egressFrames()).isEqualTo(superPackets().size());
    close(port);
  }

  @Test
  void aChecksumThatIsLeftToBeDoneIsPassedOnOrDone() throws Exception {
    NetdevPort port = start();
    try (RawTap host = host()) {
      for (Packet packet :
          List.of(
              Packet.tcp(false, octets(1001)),
              Packet.udp(true, octets(60)),
              Packet.tcp(true, octets(1001)).tagged(0x8100_0005),
              Packet.udp(false, octets(1001)).tagged(0x88a8_0005))) {
        EthernetFrame frame = packet.offloaded(Offload.CHECKSUM, 0);
        Seen sent = Seen.of(frame);
        host.write(RawTap.header(frame), octets(frame));
        assertThat(witness.next()).isEqualTo(sent);

        port.offer(packet.offloaded(Offload.CHECKSUM, 0));
        assertThat(host.read()).isEqualTo(packet.octets());
      }
    }
    close(port);
  }

  @Test
  void countsWhatItCannotCarry() throws Exception {
    NetdevPort port = start();
    try (RawTap host = host()) {
      port.offer(view(new byte[13]));
      port.offer(view(new byte[EthernetFrame.MAX_LENGTH + 1]));
      port.offer(view(frame(MTU + 15)));
      port.offer(Packet.tcp(false, octets(30_000)).offloaded(Offload.TCP, MTU - 39));
      port.offer(view(frame(60)));
      assertThat(host.read()).hasSize(60);
      new NetDevice("net0").setDown();
      port.offer(view(frame(60)));
    }
    assertThat(port.counters().drops(DropReason.RUNT)).isEqualTo(1);
    assertThat(port.counters().drops(DropReason.GIANT)).isEqualTo(3);
    assertThat(port.counters().drops(DropReason.DEVICE)).isEqualTo(1);
    assertThat(port.counters().egressFrames()).isEqualTo(1);
    close(port);
  }

  @Test
  void carriesOnWhenTheDeviceComesUpAgain() throws Exception {
    NetdevPort port = start();
    try (RawTap host = host()) {
      new NetDevice("net0").setDown();
      new NetDevice("net0").setUp();
      awaitForwarding();

      byte[] frame = frame(60);
      host.write(NO_FACTS, frame);
      assertThat(witness.next()).isEqualTo(Seen.plain(frame));
    }
    assertThat(gone).isEmpty();
    close(port);
  }

  @Test
  void joinsADeviceThatComesUpLater() throws Exception {
    makeCable();
    new NetDevice("net0").setDown();
    NetdevPort port = open();
    try (RawTap host = host()) {
      new NetDevice("net0").setUp();
      awaitForwarding();

      byte[] frame = frame(60);
      host.write(NO_FACTS, frame);
      assertThat(witness.next()).isEqualTo(Seen.plain(frame));
    }
    close(port);
  }

  @Test
  void saysOnceThatTheDeviceIsGone() throws Exception {
    NetdevPort port = start();

    run("ip", "link", "del", "net0");

    LinuxException cause = gone.poll(5, TimeUnit.SECONDS);
    assertThat(cause).isNotNull();
    assertThat(cause.is(Errno.ENODEV)).as(cause.getMessage()).isTrue();
    port.offer(view(frame(60)));
    assertThat(port.counters().drops(DropReason.DEVICE)).isEqualTo(1);
    close(port);
    assertThat(gone).isEmpty();
  }

  /** Of which the kernel tells a socket nothing. */
  @Test
  void noticesThatADeviceWhichIsDownIsDeleted() throws Exception {
    NetdevPort port = start();
    new NetDevice("net0").setDown();
    run("ip", "link", "set", "net0", "name", "renamed");
    loops.submit(() -> {}).sync();
    assertThat(gone).isEmpty();

    run("ip", "link", "del", "renamed");

    assertThat(gone.poll(5, TimeUnit.SECONDS)).isNotNull();
    close(port);
  }

  @Test
  void theDeviceIsPromiscuousUntilThePortIsClosed() throws Exception {
    NetdevPort port = start();
    assertThat(run("ip", "-d", "link", "show", "net0")).contains("promiscuity 1 ");

    close(port);
    close(port);

    assertThat(run("ip", "-d", "link", "show", "net0")).contains("promiscuity 0 ");
    port.offer(view(frame(60)));
    assertThat(port.counters().drops(DropReason.DEVICE)).isEqualTo(1);
    assertThat(gone).isEmpty();
    assertThat(bridge.ports()).containsExactly(witness);
  }

  @Test
  void saysWhyItCannotJoinADevice() throws Exception {
    assertThatExceptionOfType(LinuxException.class)
        .isThrownBy(() -> PacketSocket.open(new NetdevSettings("net0")))
        .withMessage("SIOCGIFINDEX net0: No such device (ENODEV)");
    assertThatExceptionOfType(LinuxException.class)
        .isThrownBy(() -> PacketSocket.open(new NetdevSettings("lo")))
        .withMessage(
            "bind lo: Operation not supported (EOPNOTSUPP);"
                + " only Ethernet devices can join a network");
    makeCable();
    PrivateNetwork.dropCapabilities();
    assertThatExceptionOfType(LinuxException.class)
        .isThrownBy(() -> PacketSocket.open(new NetdevSettings("net0")))
        .withMessage(
            "socket AF_PACKET net0: Operation not permitted (EPERM); needs root or CAP_NET_RAW");
  }

  private List<Packet> superPackets() {
    return List.of(
        Packet.tcp(false, octets(60_000)),
        Packet.tcp(true, octets(60_000)),
        Packet.tcp(false, octets(20_001)).tagged(0x8100_0005),
        Packet.tcp(true, octets(20_001)).tagged(0x8100_0005),
        Packet.tcp(true, octets(20_001)).tagged(0x88a8_0005),
        Packet.udp(false, octets(20_001)),
        Packet.udp(true, octets(20_001)).tagged(0x8100_0005));
  }

  private static Offload offloadOf(Packet packet) {
    EthernetFrame frame = packet.plain();
    return frame.offload(Offload.TCP, SIZE) ? Offload.TCP : Offload.UDP;
  }

  private NetdevPort start() throws Exception {
    makeCable();
    return open();
  }

  private NetdevPort open() throws Exception {
    PacketSocket socket = PacketSocket.open(new NetdevSettings("net0"));
    IoEventLoop loop = loops.next();
    NetdevPort port = new NetdevPort(socket, bridge, PortPolicy.LOCAL, loop, gone::add);
    port.start().toCompletableFuture().get(5, TimeUnit.SECONDS);
    return port;
  }

  private static void makeCable() throws Exception {
    String mtu = Integer.toString(MTU);
    run("ip", "link", "add", "br0", "type", "bridge", "mcast_snooping", "0");
    run("ip", "link", "add", "net0", "mtu", mtu, "type", "veth", "peer", "net1", "mtu", mtu);
    run("ip", "link", "set", "net1", "master", "br0", "up");
    run("ip", "link", "set", "br0", "mtu", mtu, "up");
    run("ip", "link", "set", "net0", "up");
  }

  private static RawTap host() throws Exception {
    RawTap host = new RawTap("tap0");
    run("ip", "link", "set", "tap0", "mtu", Integer.toString(MTU), "master", "br0");
    if (run("ip", "link", "show", "net0").contains(",UP")) {
      awaitForwarding();
    }
    return host;
  }

  /** The kernel lets up to a second pass before a bridge knows that a cable carries again. */
  private static void awaitForwarding() {
    Lab.await(
        "both ports of br0 forward",
        Duration.ofSeconds(5),
        () -> {
          try {
            return run("bridge", "link").split("state forwarding", -1).length == 3;
          } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
          }
        });
  }

  private static void close(NetdevPort port) throws Exception {
    port.close().toCompletableFuture().get(5, TimeUnit.SECONDS);
  }

  private byte[] octets(int length) {
    return Packet.octets(random, length);
  }

  private static byte[] octets(EthernetFrame frame) {
    byte[] octets = new byte[frame.length()];
    frame.buffer().getBytes(frame.start(), octets);
    return octets;
  }

  /** A broadcast of random content, with an EtherType that nothing in the kernel looks into. */
  private byte[] frame(int length) {
    byte[] octets = octets(length);
    for (int i = 0; i < 6; i++) {
      octets[i] = (byte) 0xff;
    }
    octets[6] = 2;
    octets[12] = (byte) 0x88;
    octets[13] = (byte) 0xb5;
    return octets;
  }

  private byte[] tagged(int tag, int length) {
    return withTag(tag, frame(length - EthernetFrame.TAG_LENGTH));
  }

  private static byte[] withTag(int tag, byte[] frame) {
    return Unpooled.buffer(frame.length + EthernetFrame.TAG_LENGTH)
        .writeBytes(frame, 0, 12)
        .writeInt(tag)
        .writeBytes(frame, 12, frame.length - 12)
        .array();
  }

  private static EthernetFrame view(byte[] octets) {
    EthernetFrame frame = new EthernetFrame();
    frame.wrap(Unpooled.wrappedBuffer(octets), 0, octets.length);
    return frame;
  }
}
