package etherws.config;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The files that a configuration names, and what was in those with secrets when they could be read
 * last: a node that has become an ordinary user may not read them any more, and goes on with what
 * it has. One thread at a time.
 */
final class InputFiles {
  private final Set<Path> readable = new HashSet<>();
  private final Map<Path, List<String>> known = new HashMap<>();

  /** Makes sure that a file is there, and can be read or could before. */
  void check(Path file) throws WrongValue {
    if (Files.notExists(file)) { // false too if a folder on the way may not be looked into
      throw new WrongValue("no such file: " + file);
    }
    if (Files.isDirectory(file)) {
      throw new WrongValue(file + " is a folder");
    }
    if (Files.isReadable(file)) {
      readable.add(file);
    } else if (!readable.contains(file)) {
      throw new WrongValue("permission denied: " + file);
    }
  }

  /** The lines of a key's file; with a warning if they are those of before. */
  List<String> lines(Table table, Key<Path> key, Path file) throws IOException {
    SecretFile.warnIfShared(table, key, file);
    try {
      List<String> lines = read(file);
      known.put(file, lines);
      return lines;
    } catch (IOException e) {
      List<String> before = known.get(file);
      if (before == null || !(e.getCause() instanceof AccessDeniedException)) {
        throw e;
      }
      table.warn(
          key,
          file + " may not be read any more, what it said before stays",
          "restart etherws after a change");
      return before;
    }
  }

  /** The lines of a file, or one line for the operator. */
  static List<String> read(Path file) throws IOException {
    try {
      return Files.readAllLines(file);
    } catch (AccessDeniedException e) {
      throw new IOException("may not read " + file, e);
    } catch (IOException e) {
      throw new IOException("can't read " + file + " as text", e);
    }
  }
}
