package etherws.tap;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import etherws.device.VnetHeader;
import etherws.linux.LibC;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Somebody else on the network behind a TAP: sends and receives frames as they are. */
final class Host implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 5_000;
  private static final long TUNSETOFFLOAD = 0x400454d0;

  private final TapQueue queue;

  /** Plugged into {@code bridge}, a bridge of the kernel's. */
  Host(String bridge, int mtu) {
    queue = TapDevice.open(new TapSettings("host%d", mtu, bridge), 1).queues().getFirst();
  }

  /** From now on the kernel leaves nothing to be done in what it hands over. */
  void takeNoOffloads() {
    if (LibC.ioctl(queue.fd(), TUNSETOFFLOAD, 0) < 0) {
      throw new AssertionError("TUNSETOFFLOAD");
    }
  }

  void send(byte[] frame) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment octets = arena.allocate(VnetHeader.LENGTH + frame.length);
      MemorySegment.copy(frame, 0, octets, JAVA_BYTE, VnetHeader.LENGTH, frame.length);
      MemorySegment iovec = arena.allocateFrom(JAVA_LONG, octets.address(), octets.byteSize());
      long written = queue.write(iovec.address(), 1);
      if (written != octets.byteSize()) {
        throw new AssertionError("write: " + written);
      }
    }
  }

  /** The next frame, which must come. */
  byte[] receive() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pollfd = arena.allocateFrom(JAVA_INT, queue.fd(), LibC.POLLIN);
      if (LibC.poll(pollfd.address(), 1, TIMEOUT_MILLIS) != 1) {
        throw new AssertionError("no frame came");
      }
      MemorySegment octets = arena.allocate(1 << 17);
      long length = queue.read(octets.address(), octets.byteSize());
      return octets.asSlice(VnetHeader.LENGTH, length - VnetHeader.LENGTH).toArray(JAVA_BYTE);
    }
  }

  @Override
  public void close() {
    queue.close();
  }
}
