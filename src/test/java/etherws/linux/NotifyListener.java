package etherws.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/** A service manager's end of its notification socket. */
public final class NotifyListener implements AutoCloseable {
  private static final int LONGEST = 4096;

  private final int socket =
      LibC.socket(LibC.AF_UNIX, LibC.SOCK_DGRAM | LibC.SOCK_CLOEXEC | LibC.SOCK_NONBLOCK, 0);

  /**
   * Listens.
   *
   * @param address a path, or an abstract name after an {@code @}
   */
  public NotifyListener(String address) {
    byte[] path = address.getBytes(UTF_8);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocate(110, Short.BYTES);
      name.set(JAVA_SHORT, 0, (short) LibC.AF_UNIX);
      MemorySegment.copy(path, 0, name, JAVA_BYTE, 2, path.length);
      if (path[0] == '@') {
        name.set(JAVA_BYTE, 2, (byte) 0);
      }
      int result = LibC.bind(socket, name.address(), 2 + path.length);
      if (result < 0) {
        throw new LinuxException("bind", address, -result);
      }
    }
  }

  /** The next datagram; empty if none comes in time. */
  public String next(Duration limit) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pollfd = arena.allocateFrom(JAVA_INT, socket, LibC.POLLIN);
      if (LibC.poll(pollfd.address(), 1, (int) limit.toMillis()) < 1) {
        return "";
      }
      MemorySegment buffer = arena.allocate(LONGEST);
      long length = LibC.read(socket, buffer.address(), LONGEST);
      return new String(buffer.asSlice(0, length).toArray(JAVA_BYTE), UTF_8);
    }
  }

  @Override
  public void close() {
    LibC.close(socket);
  }
}
