package etherws.cli;

import static java.util.Objects.requireNonNull;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A password: from a file, else asked for on the terminal, else one line of standard input. */
final class Secret {
  private final String prompt;
  private final @Nullable Path file;
  private @Nullable String known;

  /**
   * @param file whose first line is the secret; null asks
   */
  Secret(String prompt, @Nullable Path file) {
    this.prompt = prompt;
    this.file = file;
  }

  /**
   * The secret, asked for once.
   *
   * @throws SecretException with one line for the operator
   */
  String read() throws SecretException {
    if (known == null) {
      known = file == null ? ask() : fromFile(file);
    }
    return known;
  }

  private static String fromFile(Path file) throws SecretException {
    try {
      List<String> lines = Files.readAllLines(file);
      if (lines.isEmpty()) {
        throw new SecretException(file + " is empty; its first line should be the password");
      }
      return lines.getFirst();
    } catch (IOException e) {
      throw new SecretException("cannot read " + file + ": " + ExitStatus.reason(e));
    }
  }

  private String ask() throws SecretException {
    Console console = requireNonNull(System.console(), "since Java 22 there always is one");
    if (console.isTerminal()) {
      char[] typed = console.readPassword("%s", prompt);
      if (typed != null) {
        return new String(typed);
      }
    } else {
      String line = lineOfInput();
      if (line != null) {
        return line;
      }
    }
    throw new SecretException("no password: standard input is at its end; give --passwd-file");
  }

  private static @Nullable String lineOfInput() throws SecretException {
    try {
      return new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
          .readLine();
    } catch (IOException e) {
      throw new SecretException("cannot read the password from standard input: " + e.getMessage());
    }
  }
}
