package etherws.control;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import org.jspecify.annotations.Nullable;

/** The file of a UNIX socket: nobody can connect before it belongs to whom it should. */
final class SocketFile {
  /*
   * The socket is bound in a directory that only we may enter, gets owner and mode there, and is
   * then moved to its place, over the file of a socket whose process has gone.
   */
  private static final String MODE = "rw-rw----";

  // sys/stat.h
  private static final int S_IFMT = 0xf000;
  private static final int S_IFSOCK = 0xc000;

  private final Path path;
  private final @Nullable String group;
  private final Path directory;

  private SocketFile(Path path, @Nullable String group, Path directory) {
    this.path = path;
    this.group = group;
    this.directory = directory;
  }

  /**
   * Prepares a place to bind.
   *
   * @throws IOException if somebody answers at {@code path}, or something else is there
   */
  static SocketFile prepare(Path path, @Nullable String group) throws IOException {
    Path parent = path.toAbsolutePath().getParent();
    if (parent == null) {
      throw new FileAlreadyExistsException(path + " is no place for a socket");
    }
    SocketFolder.refuseDanger(parent);
    try {
      if (!Files.isDirectory(parent)) {
        Files.createDirectories(parent);
        Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
      SocketFolder.sweep(parent);
      refuseIfInUse(path);
      return new SocketFile(path.toAbsolutePath(), group, Files.createTempDirectory(parent, "."));
    } catch (AccessDeniedException e) {
      throw new IOException(
          "no permission to make the control socket %s; name another, or false for none"
              .formatted(path),
          e);
    }
  }

  private static void refuseIfInUse(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!isSocket(path)) {
      throw new FileAlreadyExistsException(
          path + " is there and is no socket; remove it, or choose another control socket");
    }
    if (!SocketFolder.answers(path)) {
      return;
    }
    throw new FileAlreadyExistsException(
        path + " is in use: an etherws of this name is running already");
  }

  private static boolean isSocket(Path path) throws IOException {
    int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    return (mode & S_IFMT) == S_IFSOCK;
  }

  /** Where to bind. */
  Path toBind() {
    return directory.resolve("s");
  }

  /** Opens the bound socket to others. */
  void publish() throws IOException {
    try {
      PosixFileAttributeView file =
          Files.getFileAttributeView(toBind(), PosixFileAttributeView.class);
      if (group != null) {
        file.setGroup(group(group));
      }
      file.setPermissions(PosixFilePermissions.fromString(MODE));
      Files.move(toBind(), path, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      clean();
    }
  }

  private GroupPrincipal group(String name) throws IOException {
    try {
      return path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(name);
    } catch (UserPrincipalNotFoundException e) {
      throw new IOException("no group " + name + " for the control socket", e);
    }
  }

  /** Leaves nothing behind of a socket that was not published. */
  void clean() throws IOException {
    Files.deleteIfExists(toBind());
    Files.deleteIfExists(directory);
  }

  /** Removes it. */
  void delete() throws IOException {
    Files.deleteIfExists(path);
  }
}
