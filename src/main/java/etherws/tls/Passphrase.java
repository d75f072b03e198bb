package etherws.tls;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Whoever knows the passphrase of a private key: a terminal, a file, a test. */
@FunctionalInterface
public interface Passphrase {
  /** For a node that has nobody to ask. */
  Passphrase NONE = file -> null;

  /**
   * The passphrase of the key in {@code file}, or null when there is none to be had. Asked only for
   * a key that is encrypted, again at each reload, on the thread that loads. The array is wiped
   * after use.
   */
  char @Nullable [] ask(Path file) throws IOException;
}
