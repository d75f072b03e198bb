package etherws.config;

import etherws.tls.Passphrase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file whose first line is a secret, read when it is asked for.
 *
 * @param path of the secret, not of what it opens
 */
record SecretFile(Path path) implements Passphrase {
  @Override
  public char[] ask(Path key) throws IOException {
    return firstLine(path, InputFiles.read(path)).toCharArray();
  }

  /** The secret of a key's file; when there is none to be had the problem is noted. */
  static @Nullable String read(Table table, Key<Path> key, Path file) {
    try {
      return firstLine(file, table.inputs().lines(table, key, file));
    } catch (IOException e) {
      table.report(key, String.valueOf(e.getMessage()), "write the secret into its first line");
      return null;
    }
  }

  static void warnIfShared(Table table, Key<Path> key, Path file) {
    try {
      if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
        table.warn(key, file + " can be read by anybody", "run chmod o-r " + file);
      }
    } catch (IOException | UnsupportedOperationException e) {
      // It has no permissions to speak of, or is read in a moment and found wrong there.
    }
  }

  private static String firstLine(Path file, List<String> lines) throws IOException {
    if (lines.isEmpty() || lines.getFirst().isEmpty()) {
      throw new IOException(file + " has an empty first line");
    }
    return lines.getFirst();
  }
}
