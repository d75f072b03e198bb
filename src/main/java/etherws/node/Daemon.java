package etherws.node;

import etherws.linux.LibC;
import etherws.linux.LinuxException;
import etherws.linux.User;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * How the process leaves the terminal. A JVM can't fork, so the launcher starts it in the
 * background and waits on a pipe whose write end we hold: a line with a 0, and the prompt returns.
 * Should we end without it, the launcher ends with our own exit status.
 */
public final class Daemon {
  private static final String READY_FD = "etherws.ready.fd";

  private final int readyFd;

  private Daemon(int readyFd) {
    this.readyFd = readyFd;
  }

  /** Null when no launcher waits: the process stays in the foreground. */
  public static @Nullable Daemon fromLauncher() {
    Integer fd = Integer.getInteger(READY_FD);
    return fd == null ? null : new Daemon(fd);
  }

  /** The tunnel is up: new session, {@code /}, standard streams to null, and the prompt returns. */
  public void detach() {
    check("setsid", "", LibC.setsid());
    check("chdir", "/", LibC.chdir("/"));
    int devNull = check("open", "/dev/null", LibC.open("/dev/null", LibC.O_RDWR | LibC.O_CLOEXEC));
    for (int stream = 0; stream <= 2; stream++) {
      check("dup2", "/dev/null", LibC.dup2(devNull, stream));
    }
    LibC.close(devNull);
    try (Arena arena = Arena.ofConfined()) {
      check(
          "write",
          "the launcher",
          (int) LibC.write(readyFd, arena.allocateFrom("0\n").address(), 2));
    }
    LibC.close(readyFd);
  }

  /**
   * Writes our process id. The file is gone when the returned action has run; or empty, where only
   * the file is ours and not its folder.
   *
   * @param owner whose it becomes; null leaves it ours
   */
  public static Runnable pidFile(Path file, @Nullable User owner) throws IOException {
    Path absolute = file.toAbsolutePath();
    Files.deleteIfExists(absolute); // never written through what others may have put there
    Files.writeString(
        absolute, ProcessHandle.current().pid() + "\n", StandardOpenOption.CREATE_NEW);
    if (owner != null && LibC.geteuid() != owner.uid()) {
      Files.setAttribute(absolute, "unix:uid", owner.uid(), LinkOption.NOFOLLOW_LINKS);
    }
    return () -> {
      try {
        Files.deleteIfExists(absolute);
      } catch (IOException e) {
        empty(absolute);
      }
    };
  }

  private static void empty(Path file) {
    try {
      Files.write(
          file, new byte[0], StandardOpenOption.TRUNCATE_EXISTING, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      // The directory has become unwritable; a stale file is all that is left to leave.
    }
  }

  private static int check(String call, String subject, int result) {
    if (result < 0) {
      throw new LinuxException(call, subject, -result);
    }
    return result;
  }
}
