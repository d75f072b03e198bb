package etherws.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which node to ask: options of every command that asks one. */
final class ControlSocket {
  static final Path DIRECTORY = Path.of("/run/etherws");
  private static final String SUFFIX = ".sock";

  @Option(
      names = "--socket",
      paramLabel = "PATH",
      description = "the node's control socket (default: the only one in /run/etherws)")
  private @Nullable Path socket;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "the node's name, for the socket /run/etherws/NAME.sock")
  private @Nullable String name;

  /** The node that the options name. */
  NodeClient client() throws AskException {
    return new NodeClient(find(DIRECTORY));
  }

  private Path find(Path directory) throws AskException {
    if (socket != null) {
      return socket;
    }
    return name == null ? only(directory) : directory.resolve(name + SUFFIX);
  }

  /** False for what a process that was killed has left. */
  private static boolean answers(Path path) {
    try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      return probe.isConnected();
    } catch (ConnectException e) {
      return false;
    } catch (IOException e) {
      return true; // no permission, perhaps: the question itself will tell
    }
  }

  /** The one socket in {@code directory} that somebody listens at. */
  static Path only(Path directory) throws AskException {
    List<Path> sockets = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
      files.forEach(path -> {
        if (answers(path)) {
          sockets.add(path);
        }
      });
    } catch (IOException e) {
      // none, then
    }
    if (sockets.size() == 1) {
      return sockets.getFirst();
    }
    if (sockets.isEmpty()) {
      throw new AskException(
          ExitStatus.NOT_RUNNING,
          "no etherws is running with a control socket in %s; start one, or give --socket PATH"
              .formatted(directory));
    }
    String names =
        sockets.stream()
            .map(path -> path.getFileName().toString())
            .map(file -> file.substring(0, file.length() - SUFFIX.length()))
            .sorted()
            .collect(Collectors.joining(", "));
    throw new AskException(
        ExitStatus.USAGE, "several are running: " + names + "; say which with --name NAME");
  }
}
