package etherws.frame;

import static etherws.testing.PrivateNetwork.run;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import etherws.device.Memory;
import etherws.device.VnetHeader;
import etherws.linux.LibC;
import etherws.netdev.NetdevSettings;
import etherws.netdev.PacketSocket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * The kernel's GRO.
 *
 * <pre>
 * frames -> TAP in NAPI mode -- GRO -- packet socket -> what the kernel made of them
 * </pre>
 */
final class KernelGro implements AutoCloseable {
  /*
   * Each write(2) is a poll of its own to the TAP, and the end of a poll lets out all that is held.
   * Not so with a gro_flush_timeout: it holds until the time is up, or until the kernel's clock has
   * ticked, which is every 4 ms or so. So a stream may come out in more pieces than it would from one
   * poll, now and then, but never in fewer.
   */
  private static final String DEVICE = "gro";
  private static final int IFF_NAPI = 0x10;
  private static final int HOLD_NANOS = 10_000_000;
  private static final int TIMEOUT_MILLIS = 5_000;

  private final Arena arena = Arena.ofConfined();
  private final ByteBuf buffer = Unpooled.directBuffer(1 << 17);
  private final RawTap tap = new RawTap(DEVICE, IFF_NAPI);
  private final PacketSocket socket = PacketSocket.open(new NetdevSettings(DEVICE));

  /** Needs a network of its own. */
  KernelGro() throws IOException, InterruptedException {
    // sysfs shows the devices of whoever mounted it
    String set = "echo %d >/sys/class/net/%s/gro_flush_timeout".formatted(HOLD_NANOS, DEVICE);
    run("unshare", "--mount", "sh", "-ec", "mount -t sysfs sysfs /sys; " + set);
  }

  /** What comes out of these frames. */
  List<Coalesced> coalesce(List<byte[]> frames) {
    byte[] header = new byte[VnetHeader.LENGTH];
    for (byte[] frame : frames) {
      if (tap.write(header, frame) < 0) {
        throw new AssertionError("the TAP refuses a frame");
      }
    }
    List<Coalesced> out = new ArrayList<>();
    for (int segments = 0; segments < frames.size(); ) {
      Coalesced next = read();
      segments += next.segments();
      out.add(next);
    }
    return out;
  }

  private Coalesced read() {
    MemorySegment pollfd = arena.allocateFrom(JAVA_INT, socket.fd(), LibC.POLLIN);
    if (LibC.poll(pollfd.address(), 1, TIMEOUT_MILLIS) != 1) {
      throw new AssertionError("no frame came");
    }
    int room = EthernetFrame.HEADROOM;
    long address = Memory.addressOf(buffer) + room;
    int length = (int) socket.read(address, buffer.capacity() - room) - VnetHeader.LENGTH;
    int start = room + VnetHeader.LENGTH - socket.before();
    int size = buffer.getUnsignedShortLE(start - VnetHeader.LENGTH + 4); // gso_size
    byte[] octets = new byte[length];
    buffer.getBytes(start, octets);
    return new Coalesced(octets, size);
  }

  @Override
  public void close() {
    socket.close();
    tap.close();
    buffer.release();
    arena.close();
  }
}
