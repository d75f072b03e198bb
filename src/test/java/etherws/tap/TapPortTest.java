package etherws.tap;

import static etherws.testing.PrivateNetwork.run;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.bridge.Attachment;
import etherws.bridge.Bridge;
import etherws.bridge.BridgeSettings;
import etherws.bridge.Port;
import etherws.bridge.PortPolicy;
import etherws.frame.EthernetFrame;
import etherws.linux.Errno;
import etherws.linux.LinuxException;
import etherws.linux.NetDevice;
import etherws.metrics.DropReason;
import etherws.metrics.PortCounters;
import etherws.testing.PrivateNetwork;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * <pre>
 * recording port -- etherws bridge -- TapPort | tap0 -- br0 -- host0 | Host
 *                                             the kernel
 * </pre>
 */
@ParameterizedClass
@EnumSource(TapPortTest.Polling.class)
@ExtendWith(PrivateNetwork.class)
class TapPortTest {
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

  /** A line of an epoll descriptor's fdinfo. */
  private static final Pattern TARGET = Pattern.compile("^tfd:\\s+(\\d+)");

  private final Random random = new Random(20261122);
  private final Bridge bridge = new Bridge(BridgeSettings.DEFAULTS, () -> 0);
  private final RecordingPort recorder = new RecordingPort();
  private final Attachment recording = bridge.attach(recorder, PortPolicy.LOCAL);
  private final BlockingQueue<LinuxException> gone = new LinkedBlockingQueue<>();
  private final MultiThreadIoEventLoopGroup loops;

  TapPortTest(Polling polling) {
    loops = new MultiThreadIoEventLoopGroup(1, polling.factory());
  }

  @AfterEach
  void stopLoops() {
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @Test
  void framesOfEveryLengthPassUncutInBothDirections() throws Exception {
    TapPort port = startOnBridge();
    try (Host host = new Host("br0", MTU)) {
      for (int length : List.of(14, 60, 1514, 1518, 1522, MTU + 14, MTU + 18)) {
        byte[] in = frame(length);
        host.send(in);
        assertThat(recorder.next()).as("ingress of " + length).isEqualTo(in);

        byte[] out = frame(length);
        port.offer(view(Unpooled.copiedBuffer(out)));
        assertThat(host.receive()).as("egress of " + length).isEqualTo(out);
      }
    }
    assertThat(port.counters().ingressFrames()).isEqualTo(7);
    assertThat(port.counters().egressFrames()).isEqualTo(7);
    assertThat(port.counters().egressOctets()).isEqualTo(port.counters().ingressOctets());
    close(port);
  }

  @Test
  void taggedFramesKeepTheirTags() throws Exception {
    TapPort port = startOnBridge();
    try (Host host = new Host("br0", MTU)) {
      byte[] in = frame(1522);
      in[12] = (byte) 0x81; // two tags: VID 5 and, inside, VID 7
      in[13] = in[14] = 0;
      in[15] = 5;
      in[16] = (byte) 0x81;
      in[17] = in[18] = 0;
      in[19] = 7;
      byte[] out = in.clone();
      out[11]++;

      host.send(in);
      assertThat(recorder.next()).isEqualTo(in);
      port.offer(view(Unpooled.copiedBuffer(out)));
      assertThat(host.receive()).isEqualTo(out);
    }
    close(port);
  }

  @Test
  void moreFramesThanABatchAllArriveInOrder() throws Exception {
    TapPort port = startOnBridge();
    try (Host host = new Host("br0", MTU)) {
      List<byte[]> sent = Stream.generate(() -> frame(100)).limit(300).toList();
      sent.forEach(host::send);
      for (byte[] frame : sent) {
        assertThat(recorder.next()).isEqualTo(frame);
      }
    }
    close(port);
  }

  @Test
  void framesLeaveFromAnyKindOfBuffer() throws Exception {
    TapPort port = startOnBridge();
    byte[] octets = frame(1514);
    ByteBuf padded = Unpooled.directBuffer().writeZero(7).writeBytes(octets).writeZero(9);
    ByteBuf composite =
        Unpooled.wrappedBuffer(
            Unpooled.copiedBuffer(octets, 0, 500), Unpooled.copiedBuffer(octets, 500, 1014));
    try (Host host = new Host("br0", MTU)) {
      EthernetFrame inDirect = new EthernetFrame();
      inDirect.wrap(padded, 7, octets.length);
      port.offer(inDirect);
      assertThat(host.receive()).isEqualTo(octets);

      port.offer(view(composite));
      assertThat(host.receive()).isEqualTo(octets);

      port.offer(view(Unpooled.wrappedBuffer(octets)));
      assertThat(host.receive()).isEqualTo(octets);
    }
    padded.release();
    close(port);
  }

  /** Only what has an address can be written where it lies. */
  @Test
  void framesWithRoomBeforeThemLeaveFromAnyKindOfBuffer() throws Exception {
    TapPort port = startOnBridge();
    byte[] octets = frame(1514);
    ByteBuf direct = Unpooled.directBuffer().writeZero(EthernetFrame.HEADROOM).writeBytes(octets);
    ByteBuf heap = Unpooled.buffer().writeZero(EthernetFrame.HEADROOM).writeBytes(octets);
    ByteBuf composite =
        Unpooled.wrappedBuffer(
            Unpooled.copiedBuffer(heap.slice(0, 700)),
            Unpooled.copiedBuffer(heap.slice(700, heap.writerIndex() - 700)));
    try (Host host = new Host("br0", MTU)) {
      for (ByteBuf buffer : List.of(direct, heap, composite)) {
        EthernetFrame frame = new EthernetFrame();
        frame.wrap(buffer, EthernetFrame.HEADROOM, octets.length);
        frame.leave(EthernetFrame.HEADROOM);
        port.offer(frame);
        assertThat(host.receive()).isEqualTo(octets);
      }
    }
    direct.release();
    close(port);
  }

  /** Whoever keeps a frame, and writes into the room before it, meets no other frame there. */
  @Test
  void aFrameKeptByReferenceStaysAsItIs() throws Exception {
    Keeper keeper = new Keeper();
    TapPort port = startOnBridge();
    recording.detach();
    bridge.attach(keeper, PortPolicy.LOCAL);
    List<byte[]> sent = new ArrayList<>();
    try (Host host = new Host("br0", MTU)) {
      for (int i = 0; i < 200; i++) {
        byte[] frame = frame(60 + random.nextInt(MTU - 60));
        sent.add(frame);
        host.send(frame);
      }
      for (byte[] frame : sent) {
        ByteBuf kept = keeper.next();
        assertThat(ByteBufUtil.getBytes(kept)).isEqualTo(frame);
        kept.release();
      }
    }
    close(port);
  }

  @Test
  void countsWhatItCannotCarry() throws Exception {
    TapPort port = startOnBridge();

    port.offer(view(Unpooled.buffer().writeZero(13)));
    port.offer(view(Unpooled.buffer().writeZero(EthernetFrame.MAX_LENGTH + 1)));
    new NetDevice("tap0").setDown();
    port.offer(view(Unpooled.copiedBuffer(frame(60))));

    assertThat(port.counters().drops(DropReason.RUNT)).isEqualTo(1);
    assertThat(port.counters().drops(DropReason.GIANT)).isEqualTo(1);
    assertThat(port.counters().drops(DropReason.DEVICE)).isEqualTo(1);
    assertThat(port.counters().egressFrames()).isZero();
    close(port);
  }

  @Test
  void carriesOnWhenTheDeviceComesUpAgain() throws Exception {
    TapPort port = startOnBridge();
    try (Host host = new Host("br0", MTU)) {
      new NetDevice("tap0").setDown();
      new NetDevice("tap0").setUp();

      byte[] frame = frame(60);
      host.send(frame);
      assertThat(recorder.next()).isEqualTo(frame);
    }
    assertThat(gone).isEmpty();
    close(port);
  }

  @Test
  void closeEndsTheIngressAndTheDevice() throws Exception {
    TapPort port = startOnBridge();

    close(port);
    close(port);

    assertThat(run("ip", "-br", "link")).doesNotContain("tap0");
    port.offer(view(Unpooled.copiedBuffer(frame(60))));
    assertThat(port.counters().drops(DropReason.DEVICE)).isEqualTo(1);
    assertThat(gone).isEmpty();
  }

  @Test
  void closesTheDeviceOfAPortThatNeverStarted() throws Exception {
    run("ip", "link", "add", "br0", "type", "bridge");
    TapPort port = newPort();

    close(port);

    assertThat(run("ip", "-br", "link")).doesNotContain("tap0");
  }

  @Test
  void saysOnceThatTheDeviceIsGoneAndStopsWatchingIt() throws Exception {
    TapPort port = startOnBridge();

    run("ip", "link", "del", "tap0");

    LinuxException cause = gone.poll(5, TimeUnit.SECONDS);
    assertThat(cause).isNotNull();
    assertThat(cause.is(Errno.EBADFD) || cause.is(Errno.EFAULT)).as(cause.getMessage()).isTrue();
    loops.submit(() -> {}).sync(); // what the loop had to do about it is done
    assertThat(epollSets()).noneMatch(line -> line.contains("tun"));
    port.offer(view(Unpooled.copiedBuffer(frame(60))));
    assertThat(port.counters().drops(DropReason.DEVICE)).isEqualTo(1);
    close(port);
    assertThat(gone).isEmpty();
  }

  @Test
  void goesOnWithAnotherDeviceInPlaceOfOneThatIsGone() throws Exception {
    TapPort port = startOnBridge();
    run("ip", "link", "del", "tap0");
    assertThat(gone.poll(5, TimeUnit.SECONDS)).isNotNull();

    TapDevice fresh = TapDevice.open(new TapSettings("tap0", MTU, "br0"), 1);
    port.replace(fresh).toCompletableFuture().get(5, TimeUnit.SECONDS);

    try (Host host = new Host("br0", MTU)) {
      byte[] frame = frame(60);
      host.send(frame);
      assertThat(recorder.next()).isEqualTo(frame);
    }
    run("ip", "link", "del", "tap0");
    assertThat(gone.poll(5, TimeUnit.SECONDS)).as("this one's end is told too").isNotNull();
    close(port);
    assertThat(gone).isEmpty();
  }

  /** A port that keeps every frame by reference, until all are there. */
  private static final class Keeper implements Port {
    private final PortCounters counters = new PortCounters();
    private final BlockingQueue<ByteBuf> kept = new LinkedBlockingQueue<>();

    @Override
    public String name() {
      return "keeper";
    }

    @Override
    public PortCounters counters() {
      return counters;
    }

    @Override
    public void offer(EthernetFrame frame) {
      ByteBuf slice =
          frame
              .buffer()
              .retainedSlice(frame.start() - frame.headroom(), frame.headroom() + frame.length());
      for (int i = 0; i < frame.headroom(); i++) {
        slice.setByte(i, 0xee);
      }
      kept.add(slice.readerIndex(frame.headroom()));
    }

    /** The next frame, which must come with room before it. */
    ByteBuf next() throws InterruptedException {
      ByteBuf frame = kept.poll(5, TimeUnit.SECONDS);
      if (frame == null || frame.readerIndex() != EthernetFrame.HEADROOM) {
        throw new AssertionError("no frame came: " + frame);
      }
      return frame;
    }
  }

  private TapPort startOnBridge() throws Exception {
    run("ip", "link", "add", "br0", "type", "bridge", "mcast_snooping", "0");
    run("ip", "link", "set", "br0", "up", "mtu", Integer.toString(MTU));
    TapPort port = newPort();
    port.start().toCompletableFuture().get(5, TimeUnit.SECONDS);
    return port;
  }

  private TapPort newPort() {
    TapDevice device = TapDevice.open(new TapSettings("tap%d", MTU, "br0"), 1);
    return new TapPort(device, bridge, PortPolicy.LOCAL, List.of(loops.next()), gone::add);
  }

  private static void close(TapPort port) throws Exception {
    port.close().toCompletableFuture().get(5, TimeUnit.SECONDS);
  }

  /** A broadcast of random content, with an EtherType that nothing in the kernel looks into. */
  private byte[] frame(int length) {
    byte[] octets = new byte[length];
    random.nextBytes(octets);
    for (int i = 0; i < 6; i++) {
      octets[i] = (byte) 0xff;
    }
    octets[6] = 2;
    octets[12] = (byte) 0x88;
    octets[13] = (byte) 0xb5;
    return octets;
  }

  private static EthernetFrame view(ByteBuf octets) {
    EthernetFrame frame = new EthernetFrame();
    frame.wrap(octets, octets.readerIndex(), octets.readableBytes());
    return frame;
  }

  /** The files that epoll instances of this process watch: what their descriptors lead to. */
  private static List<String> epollSets() throws IOException {
    try (Stream<Path> infos = Files.list(Path.of("/proc/self/fdinfo"))) {
      return infos
          .flatMap(TapPortTest::lines)
          .map(TARGET::matcher)
          .filter(Matcher::find)
          .map(target -> fileOf(target.group(1)))
          .toList();
    }
  }

  private static Stream<String> lines(Path file) {
    try {
      return Files.readAllLines(file).stream();
    } catch (IOException e) {
      return Stream.empty(); // closed meanwhile
    }
  }

  private static String fileOf(String fd) {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/fd", fd)).toString();
    } catch (IOException e) {
      return "closed";
    }
  }
}
