package etherws.auth;

import java.nio.file.Path;

/** An htpasswd file cannot be used; the message is one line that says where, why and what to do. */
public final class HtpasswdException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient Path file;
  private final int line;

  HtpasswdException(Path file, int line, String what, String hint) {
    super(file + (line > 0 ? ":" + line : "") + ": " + what + "; " + hint);
    this.file = file;
    this.line = line;
  }

  public Path file() {
    return file;
  }

  /** Counted from 1; 0 when it is not about a line but about the file. */
  public int line() {
    return line;
  }
}
