package etherws.stream;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The file of a UNIX socket that we listen on. */
final class ListenerFile {
  private static final int TYPE_BITS = 0170000;
  private static final int SOCKET = 0140000;

  private final Path path;

  ListenerFile(UnixDomainSocketAddress address) {
    this.path = address.getPath();
  }

  /**
   * Removes what a process that was killed has left there.
   *
   * @throws IOException if somebody listens there, or the file is no socket
   */
  void makeWay() throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    if ((mode & TYPE_BITS) != SOCKET) {
      throw new IOException("the file exists, and is no socket");
    }
    if (hasListener()) {
      throw new IOException("another process listens there");
    }
    Files.deleteIfExists(path);
  }

  private boolean hasListener() throws IOException {
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      probe.configureBlocking(false);
      probe.connect(UnixDomainSocketAddress.of(path)); // or it has to wait: somebody is there
      return true;
    } catch (ConnectException e) {
      return false;
    }
  }

  /** For its owner and its group. A umask of less than that has let nobody else in meanwhile. */
  void restrict() throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw----"));
  }

  void delete() throws IOException {
    Files.deleteIfExists(path);
  }
}
