package etherws.tap;

import static etherws.testing.PrivateNetwork.run;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.bridge.Bridge;
import etherws.bridge.BridgeSettings;
import etherws.bridge.Port;
import etherws.bridge.PortPolicy;
import etherws.device.Gather;
import etherws.frame.EthernetFrame;
import etherws.frame.Offload;
import etherws.frame.Packet;
import etherws.metrics.DropReason;
import etherws.metrics.PortCounters;
import etherws.testing.PrivateNetwork;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What somebody has left to be done crosses the kernel, or is done by it.
 *
 * <pre>
 * TapPort | tap0 --+
 *                  +-- br0 -- tap1 | TapPort -- etherws bridge -- witness
 *                  +--------- host0 | Host that takes nothing but plain frames
 * </pre>
 */
@ExtendWith(PrivateNetwork.class)
class TapOffloadTest {
  private static final int SIZE = 1400;

  private final Random random = new Random(7);
  private final Witness witness = new Witness();
  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());

  /** A frame as a port is offered it. */
  private record Seen(String octets, Offload offload, int segmentSize) {
    static Seen of(EthernetFrame frame) {
      String octets = ByteBufUtil.hexDump(frame.buffer(), frame.start(), frame.length());
      return new Seen(octets, frame.offload(), frame.segmentSize());
    }
  }

  private static final class Witness implements Port {
    private final PortCounters counters = new PortCounters();
    private final BlockingQueue<Seen> frames = new LinkedBlockingQueue<>();

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
      frames.add(Seen.of(frame));
    }

    Seen next() throws InterruptedException {
      Seen frame = frames.poll(5, TimeUnit.SECONDS);
      if (frame == null) {
        throw new AssertionError("no frame came");
      }
      return frame;
    }
  }

  @AfterEach
  void stopLoops() {
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @Test
  void aSuperFrameComesOutWholeOrInSegments() throws Exception {
    TapPort in = open();
    TapPort out = open();
    try (Host host = plainHost()) {
      start(out);
      for (Packet packet :
          List.of(
              Packet.tcp(false, octets(60_000)),
              Packet.tcp(true, octets(60_000)),
              Packet.tcp(false, octets(20_001)).tagged(0x8100_0005),
              Packet.tcp(true, octets(20_001)).tagged(0x8100_0005),
              Packet.udp(false, octets(20_001)),
              Packet.udp(true, octets(20_001)))) {
        EthernetFrame frame = packet.offloaded(offloadOf(packet), SIZE);
        Seen sent = Seen.of(frame);
        in.offer(frame);

        assertThat(witness.next()).isEqualTo(sent);
        for (Packet segment : packet.cut(SIZE)) {
          assertThat(host.receive()).isEqualTo(segment.octets());
        }
      }
    }
    close(in);
    close(out);
  }

  @Test
  void aChecksumThatIsLeftToBeDoneIsPassedOnOrDone() throws Exception {
    TapPort in = open();
    TapPort out = open();
    try (Host host = plainHost()) {
      start(out);
      for (Packet packet :
          List.of(
              Packet.tcp(false, octets(1001)),
              Packet.tcp(true, octets(1)),
              Packet.udp(false, octets(1001)),
              Packet.udp(true, octets(1001)).tagged(0x8100_0005))) {
        EthernetFrame frame = packet.offloaded(Offload.CHECKSUM, 0);
        Seen sent = Seen.of(frame);
        in.offer(frame);

        assertThat(witness.next()).isEqualTo(sent);
        assertThat(host.receive()).isEqualTo(packet.octets());
      }
    }
    close(in);
    close(out);
  }

  @Test
  void whatIsWrittenWhereItLiesIsTheSame() throws Exception {
    TapPort in = open();
    TapPort out = open();
    try (Host host = plainHost()) {
      start(out);
      Packet packet = Packet.tcp(false, octets(60_000));
      EthernetFrame lying = packet.offloaded(Offload.TCP, SIZE);
      EthernetFrame frame = new EthernetFrame();
      ByteBuf buffer = Unpooled.directBuffer().writeZero(EthernetFrame.HEADROOM);
      buffer.writeBytes(lying.buffer(), lying.start(), lying.length());
      frame.wrapChecked(buffer, EthernetFrame.HEADROOM, lying.length(), Offload.TCP, SIZE);
      frame.leave(EthernetFrame.HEADROOM);
      Seen sent = Seen.of(frame);
      in.offer(frame);

      assertThat(witness.next()).isEqualTo(sent);
      assertThat(host.receive()).isEqualTo(packet.cut(SIZE).getFirst().octets());
      buffer.release();
    }
    close(in);
    close(out);
  }

  /** As for a kernel before 6.2. */
  @Test
  void udpIsCutForAKernelThatDoesNot() throws Exception {
    TapPort out = open();
    try (TapDevice in = TapDevice.open(new TapSettings("in", 1500, "br0"), 1)) {
      start(out);
      Packet packet = Packet.udp(true, octets(10_001));
      TapQueue queue = in.queues().getFirst();
      long result = Gather.ofThread().writeSegments(queue, packet.offloaded(Offload.UDP, SIZE));

      assertThat(result).isNotNegative();
      for (Packet datagram : packet.cut(SIZE)) {
        assertThat(witness.next()).isEqualTo(Seen.of(datagram.plain()));
      }
      assertThat(witness.frames).isEmpty();
    }
    close(out);
  }

  @Test
  void aSuperFrameWhoseSegmentsAreOverTheMtuIsDropped() throws Exception {
    TapPort in = open();
    TapPort out = open();
    start(out);
    Packet packet = Packet.tcp(false, octets(20_001));
    int most = 1500 - (packet.offloaded(Offload.TCP, SIZE).segmentMtu() - SIZE);

    in.offer(packet.offloaded(Offload.TCP, most + 1));
    in.offer(packet.offloaded(Offload.TCP, most));

    assertThat(witness.next().segmentSize()).isEqualTo(most);
    assertThat(in.counters().drops(DropReason.GIANT)).isEqualTo(1);
    close(in);
    close(out);
  }

  @Test
  void anMtuThatIsChangedIsHeededSoon() throws Exception {
    TapPort in = open();
    TapPort out = open();
    start(in);
    start(out);
    Packet packet = Packet.tcp(true, octets(20_001));
    run("ip", "link", "set", "tap0", "mtu", "9000", "name", "renamed");

    Seen seen = null;
    for (int i = 0; i < 100 && seen == null; i++) {
      in.offer(packet.offloaded(Offload.TCP, 2000));
      seen = witness.frames.poll(50, TimeUnit.MILLISECONDS);
    }

    assertThat(seen).isNotNull().extracting(Seen::segmentSize).isEqualTo(2000);
    close(in);
    close(out);
  }

  private byte[] octets(int length) {
    return Packet.octets(random, length);
  }

  private static Offload offloadOf(Packet packet) {
    EthernetFrame frame = packet.plain();
    return frame.offload(Offload.TCP, SIZE) ? Offload.TCP : Offload.UDP;
  }

  /** A port that shares br0 with the others; silent until it is started. */
  private TapPort open() throws Exception {
    if (!run("ip", "-br", "link").contains("br0")) {
      run("ip", "link", "add", "br0", "type", "bridge", "mcast_snooping", "0");
      run("ip", "link", "set", "br0", "up");
    }
    Bridge bridge = new Bridge(BridgeSettings.DEFAULTS, () -> 0);
    TapDevice device = TapDevice.open(new TapSettings("tap%d", 1500, "br0"), 1);
    TapPort port =
        new TapPort(
            device,
            bridge,
            PortPolicy.LOCAL,
            List.of(loops.next()),
            problem -> {
              throw new AssertionError(problem);
            });
    bridge.attach(witness, PortPolicy.LOCAL);
    return port;
  }

  private static Host plainHost() {
    Host host = new Host("br0", 1500);
    host.takeNoOffloads();
    return host;
  }

  private static void start(TapPort port) throws Exception {
    port.start().toCompletableFuture().get(5, TimeUnit.SECONDS);
  }

  private static void close(TapPort port) throws Exception {
    port.close().toCompletableFuture().get(5, TimeUnit.SECONDS);
  }
}
