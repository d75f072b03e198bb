package etherws.config;

import java.nio.file.Path;
import org.tomlj.TomlPosition;

/**
 * Something in a file that can't be as it is, for the operator.
 *
 * @param line counted from 1; 0 when it is about the file as a whole
 * @param column counted from 1; 0 with line 0
 * @param key with those of the tables around it and dots between; empty when it is about none
 * @param what is wrong
 * @param hint what to do about it
 */
public record Problem(Path file, int line, int column, String key, String what, String hint) {
  static Problem of(Path file, String what, String hint) {
    return new Problem(file, 0, 0, "", what, hint);
  }

  static Problem at(TomlPosition position, Path file, String key, String what, String hint) {
    return new Problem(file, position.line(), position.column(), key, what, hint);
  }

  /** {@code FILE:LINE:COLUMN: key: what; hint}. */
  @Override
  public String toString() {
    return file
        + (line > 0 ? ":" + line + ":" + column : "")
        + ": "
        + (key.isEmpty() ? "" : key + ": ")
        + what
        + "; "
        + hint;
  }
}
