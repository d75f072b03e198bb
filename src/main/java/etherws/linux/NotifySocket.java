package etherws.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The socket where a service manager hears from its services, see sd_notify(3): a datagram each.
 *
 * @param address a path, or an abstract name after an {@code @}
 */
public record NotifySocket(String address) {
  // struct sockaddr_un { sa_family_t sun_family; char sun_path[108]; }
  private static final int PATH = 2;
  private static final int LONGEST = 107;

  /** Lines of {@code KEY=value}. 0, or -errno. */
  public int send(String lines) {
    byte[] path = address.getBytes(UTF_8);
    if (path.length == 0 || path.length > LONGEST) {
      return -Errno.EINVAL.number();
    }
    int socket = LibC.socket(LibC.AF_UNIX, LibC.SOCK_DGRAM | LibC.SOCK_CLOEXEC, 0);
    if (socket < 0) {
      return socket;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocate(PATH + LONGEST + 1L, Short.BYTES);
      name.set(JAVA_SHORT, 0, (short) LibC.AF_UNIX);
      MemorySegment.copy(path, 0, name, JAVA_BYTE, PATH, path.length);
      boolean isAbstract = path[0] == '@';
      if (isAbstract) {
        name.set(JAVA_BYTE, PATH, (byte) 0);
      }
      int length = PATH + path.length + (isAbstract ? 0 : 1); // an abstract name has no NUL
      int connected = ProcessCalls.connect(socket, name.address(), length);
      if (connected < 0) {
        return connected;
      }
      byte[] text = lines.getBytes(UTF_8);
      MemorySegment message = arena.allocateFrom(JAVA_BYTE, text);
      return (int) Math.min(0, LibC.write(socket, message.address(), text.length));
    } finally {
      LibC.close(socket);
    }
  }
}
