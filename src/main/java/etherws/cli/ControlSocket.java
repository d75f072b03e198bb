package etherws.cli;

import etherws.control.SocketFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which node to ask: options of every command that asks one. */
final class ControlSocket {
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
    return new NodeClient(find(SocketFolder.all()));
  }

  private Path find(List<Path> folders) throws AskException {
    if (socket != null) {
      return socket;
    }
    if (name == null) {
      return only(folders);
    }
    List<Path> named = folders.stream().map(folder -> folder.resolve(name + SUFFIX)).toList();
    return named.stream().filter(Files::exists).findFirst().orElse(named.getFirst());
  }

  /** The one socket in {@code folders} that somebody listens at. */
  static Path only(List<Path> folders) throws AskException {
    folders.forEach(SocketFolder::sweep);
    List<Path> sockets =
        SocketFolder.sockets(folders).stream().filter(SocketFolder::answers).toList();
    if (sockets.size() == 1) {
      return sockets.getFirst();
    }
    if (sockets.isEmpty()) {
      throw new AskException(
          ExitStatus.NOT_RUNNING,
          "no etherws is running with a control socket in %s; start one, or give --socket PATH"
              .formatted(folders.getFirst()));
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
