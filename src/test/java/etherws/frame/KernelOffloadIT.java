package etherws.frame;

import static etherws.testing.PrivateNetwork.run;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.linux.NetDevice;
import etherws.testing.PrivateNetwork;
import io.netty.buffer.ByteBufUtil;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Our segments against those of the kernel.
 *
 * <pre>
 * super-frame -> tap "in" -- bridge -- tap "out" without offloads -> what the kernel made of it
 * </pre>
 */
@ExtendWith(PrivateNetwork.class)
class KernelOffloadIT {
  private final Random random = new Random(9);

  @Test
  void cutsAsTheKernelDoes() throws Exception {
    try (RawTap in = bridged("in");
        RawTap out = bridged("out")) {
      for (Packet shape : Shapes.all()) {
        Offload kind = shape.udp ? Offload.UDP : Offload.TCP;
        for (int length : new int[] {1401, 2800, 20_003, 60_000}) {
          shape.payload = Packet.octets(random, length);
          shape.id = random.nextInt(0x10000);
          shape.sequence = random.nextInt();
          assertSame(in, out, shape, shape.offloaded(kind, 1400));
        }
      }
    }
  }

  @Test
  void dealsOutFlagsAsTheKernelDoes() throws Exception {
    try (RawTap in = bridged("in");
        RawTap out = bridged("out")) {
      for (int flags = 0; flags < 0x100; flags++) {
        Packet packet = Packet.tcp((flags & 1) == 0, Packet.octets(random, 3000));
        packet.flags = flags;
        assertSame(in, out, packet, packet.offloaded(Offload.TCP, 1000));
      }
    }
  }

  @Test
  void cutsToSmallSizesAsTheKernelDoes() throws Exception {
    try (RawTap in = bridged("in");
        RawTap out = bridged("out")) {
      for (int size : new int[] {8, 48, 536, 537, 1399}) {
        for (boolean ipv6 : new boolean[] {false, true}) {
          Packet tcp = Packet.tcp(ipv6, Packet.octets(random, Math.min(60 * size + 5, 60_000)));
          tcp.id = 0xfffe;
          tcp.sequence = -2 * size;
          assertSame(in, out, tcp, tcp.offloaded(Offload.TCP, size));
          Packet udp = Packet.udp(ipv6, Packet.octets(random, Math.min(40 * size + 1, 60_000)));
          assertSame(in, out, udp, udp.offloaded(Offload.UDP, size));
        }
      }
    }
  }

  @Test
  void completesChecksumsAsTheKernelDoes() throws Exception {
    try (RawTap in = bridged("in");
        RawTap out = bridged("out")) {
      for (Packet shape : Shapes.all()) {
        shape.payload = Packet.octets(random, 1001);
        assertSame(in, out, shape, shape.offloaded(Offload.CHECKSUM, 0));
      }
    }
  }

  /** Both zeros of the checksum: the last two octets make every value of it. */
  @Test
  void writesZeroAsTheKernelDoes() throws Exception {
    try (RawTap in = bridged("in");
        RawTap out = bridged("out")) {
      for (boolean udp : new boolean[] {false, true}) {
        Packet packet = zeroInTheFirstSegment(udp);
        EthernetFrame frame = packet.offloaded(udp ? Offload.UDP : Offload.TCP, 100);
        assertSame(in, out, packet, frame);
        Packet alone = packet.cut(100).getFirst();
        assertSame(in, out, alone, alone.offloaded(Offload.CHECKSUM, 0));
      }
    }
  }

  private Packet zeroInTheFirstSegment(boolean udp) {
    byte[] payload = Packet.octets(random, 250);
    payload[0] = payload[1] = 0;
    Packet packet = udp ? Packet.udp(false, payload) : Packet.tcp(false, payload);
    byte[] first = packet.cut(100).getFirst().octets();
    int field = udp ? 40 : 50;
    payload[0] = first[field];
    payload[1] = first[field + 1];
    byte[] zero = packet.cut(100).getFirst().octets();
    assertThat(zero[field]).isEqualTo(zero[field + 1]).isEqualTo((byte) (udp ? 0xff : 0));
    return packet;
  }

  private static void assertSame(RawTap in, RawTap out, Packet packet, EthernetFrame frame) {
    byte[] octets = ByteBufUtil.getBytes(frame.buffer(), frame.start(), frame.length());
    List<byte[]> ours = SegmenterTest.segment(frame);

    assertThat(in.write(RawTap.header(frame), octets)).isEqualTo(10 + octets.length);

    for (byte[] segment : ours) {
      assertThat(out.read())
          .as("%s, tags %s, flags %#x", frame.offload(), Arrays.toString(packet.tags), packet.flags)
          .isEqualTo(segment);
    }
  }

  private static RawTap bridged(String device) throws Exception {
    if (device.equals("in")) {
      run("ip", "link", "add", "br0", "type", "bridge", "mcast_snooping", "0");
      new NetDevice("br0").setUp();
    }
    RawTap tap = new RawTap(device);
    new NetDevice(device).joinBridge("br0");
    return tap;
  }
}
