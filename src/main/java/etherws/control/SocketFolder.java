package etherws.control;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where nodes have their control sockets unless they are told otherwise. */
public final class SocketFolder {
  private static final Path SYSTEM = Path.of("/run/etherws");
  private static final String USER = "XDG_RUNTIME_DIR";
  private static final String UNIT = "RUNTIME_DIRECTORY";
  private static final String ROOT = "root";

  /** The sockets of nodes without a file, named by their process. */
  private static final Pattern OF_PROCESS = Pattern.compile("(?:server|client|sw)-(\\d+)\\.sock");

  private SocketFolder() {}

  /**
   * Where to look for nodes: the system's, those of units in it, and our user's if there is one.
   */
  public static List<Path> all() {
    return all(SYSTEM, System.getenv());
  }

  static List<Path> all(Path system, Map<String, String> environment) {
    return Stream.of(Stream.of(system), units(system), users(environment))
        .flatMap(each -> each)
        .toList();
  }

  /*
   * The system's folder is root's: who may write there could plant links for root to follow. A unit
   * that runs as somebody else has a folder of its own in it, made by systemd.
   */
  private static Stream<Path> units(Path system) {
    try (Stream<Path> files = Files.list(system)) {
      return files
          .filter(file -> Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS))
          .sorted()
          .toList()
          .stream();
    } catch (IOException e) {
      return Stream.of();
    }
  }

  private static Stream<Path> users(Map<String, String> environment) {
    String user = environment.getOrDefault(USER, "");
    return user.isEmpty() ? Stream.of() : Stream.of(Path.of(user, "etherws"));
  }

  /** The first where we may make a socket; null if there is none. */
  public static @Nullable Path writable() {
    return firstWritable(own(SYSTEM, System.getenv()));
  }

  /** Where a node's own may be, the best first. */
  static List<Path> own(Path system, Map<String, String> environment) {
    Path unit = Path.of(environment.getOrDefault(UNIT, "").split(":", 2)[0]);
    Stream<Path> ours =
        unit.startsWith(system) && !unit.equals(system) ? Stream.of(unit) : Stream.of();
    return Stream.of(ours, Stream.of(system), users(environment)).flatMap(each -> each).toList();
  }

  static @Nullable Path firstWritable(List<Path> folders) {
    return folders.stream()
        .filter(folder -> isWritable(folder) && danger(folder) == null)
        .findFirst()
        .orElse(null);
  }

  /** Why root had better write nothing into this folder; null if nobody else can change it. */
  public static @Nullable String danger(Path folder) {
    try {
      String owner = Files.getOwner(folder).getName();
      boolean root = System.getProperty("user.name", "").equals(ROOT);
      return root && !owner.equals(ROOT)
          ? "%1$s belongs to %2$s, who could mislead root there; run chown root %1$s"
              .formatted(folder, owner)
          : null;
    } catch (IOException e) {
      return null; // it isn't there yet
    }
  }

  /** The system's folder is used for want of another, not because somebody has named it. */
  static void refuseDanger(Path folder) throws IOException {
    String danger = folder.equals(SYSTEM) ? danger(folder) : null;
    if (danger != null) {
      throw new IOException(danger);
    }
  }

  private static boolean isWritable(Path folder) {
    Path parent = folder.getParent();
    return Files.isDirectory(folder)
        ? Files.isWritable(folder)
        : parent != null && Files.isWritable(parent);
  }

  /**
   * That of a node of this name: the first that may be made, else where the system would have it.
   */
  public static Path socketOf(String name) {
    Path folder = writable();
    return (folder == null ? SYSTEM : folder).resolve(name + ".sock");
  }

  /** False for what a process that was killed has left. */
  public static boolean answers(Path socket) {
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return probe.connect(UnixDomainSocketAddress.of(socket));
    } catch (ConnectException | NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      return !String.valueOf(e.getMessage()).contains("refused"); // no permission, perhaps
    }
  }

  /**
   * Removes sockets that were named by a process, if it has gone and nobody answers. No other has
   * the name, so none can have come meanwhile.
   */
  public static void sweep(Path folder) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.sock")) {
      for (Path file : files) {
        Matcher name = OF_PROCESS.matcher(file.getFileName().toString());
        if (name.matches() && !lives(name.group(1)) && !answers(file)) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // not ours to tidy up
    }
  }

  private static boolean lives(String process) {
    try {
      return ProcessHandle.of(Long.parseLong(process)).isPresent();
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** All that somebody may listen at, in all of the folders. */
  public static List<Path> sockets(List<Path> folders) {
    return folders.stream().flatMap(SocketFolder::sockets).toList();
  }

  private static Stream<Path> sockets(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(".sock"))
          .sorted()
          .toList()
          .stream();
    } catch (IOException e) {
      return Stream.of(); // there is none, then
    }
  }
}
