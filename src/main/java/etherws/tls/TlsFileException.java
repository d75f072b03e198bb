package etherws.tls;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A key or certificate file that can't be used: one line with what is wrong and what to do. */
public final class TlsFileException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient Path file;

  TlsFileException(Path file, String what) {
    super(file + ": " + what);
    this.file = file;
  }

  TlsFileException(Path file, String what, @Nullable Throwable cause) {
    super(file + ": " + what, cause);
    this.file = file;
  }

  public Path file() {
    return file;
  }
}
