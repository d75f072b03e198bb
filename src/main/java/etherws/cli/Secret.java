package etherws.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A password: from a file, else asked for on the terminal, else one line of standard input. */
final class Secret {
  private final String prompt;
  private final String option;
  private final @Nullable Path file;
  private @Nullable String known;

  /**
   * @param file whose first line is the secret; null asks
   */
  Secret(String prompt, @Nullable Path file) {
    this(prompt, "--passwd-file", file);
  }

  /**
   * @param option that gives the file
   */
  Secret(String prompt, String option, @Nullable Path file) {
    this.prompt = prompt;
    this.option = option;
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
    // Without a terminal there is no console, whatever the documentation of Java 22 announced.
    Optional<Console> terminal = Optional.ofNullable(System.console()).filter(Console::isTerminal);
    String answer = terminal.isPresent() ? typed(terminal.get()) : lineOfInput();
    if (answer != null) {
      return answer;
    }
    throw new SecretException("no password: standard input is at its end; give " + option);
  }

  private @Nullable String typed(Console terminal) {
    char[] typed = terminal.readPassword("%s", prompt);
    return typed == null ? null : new String(typed);
  }

  /**
   * A pipe, or a terminal while standard output is redirected: then Java has no console, and the
   * echo has to be turned off by {@code stty}.
   */
  private @Nullable String lineOfInput() throws SecretException {
    Thread echoAgain = new Thread(() -> stty("echo"), "echo");
    boolean terminal = stty("-echo");
    if (terminal) {
      Runtime.getRuntime().addShutdownHook(echoAgain);
      System.err.print(prompt);
      System.err.flush();
    }
    try {
      return line(System.in);
    } catch (IOException e) {
      throw new SecretException("cannot read the password from standard input: " + e.getMessage());
    } finally {
      if (terminal) {
        Runtime.getRuntime().removeShutdownHook(echoAgain);
        stty("echo");
        System.err.println();
      }
    }
  }

  /** Leaves what comes behind the line to whoever asks next; null at the end. */
  private static @Nullable String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int octet = in.read();
    if (octet < 0) {
      return null;
    }
    for (; octet >= 0 && octet != '\n'; octet = in.read()) {
      line.write(octet);
    }
    String text = line.toString(UTF_8);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }

  /** False when standard input is no terminal. */
  private static boolean stty(String setting) {
    try {
      return new ProcessBuilder("stty", setting)
              .redirectInput(ProcessBuilder.Redirect.INHERIT)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start()
              .onExit()
              .join()
              .exitValue()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
