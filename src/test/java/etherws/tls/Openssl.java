package etherws.tls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The {@code openssl} command in a directory of its own: keys and certificates as operators make
 * them.
 */
final class Openssl {
  static final String EC = "EC -pkeyopt ec_paramgen_curve:P-256";

  private final Path directory;

  /** Skips the test where there is no such command. */
  Openssl(Path directory) {
    this.directory = directory;
    boolean installed =
        Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
            .anyMatch(path -> Files.isExecutable(Path.of(path, "openssl")));
    assumeTrue(installed, "the openssl command is not installed");
  }

  Path path(String file) {
    return directory.resolve(file);
  }

  /** Runs the command, its arguments separated by blanks; what it printed, if it exited with 0. */
  String run(String arguments) throws Exception {
    Result result = run(arguments, "");
    if (result.exit() != 0) {
      throw new IOException("openssl " + arguments + ": " + result.output());
    }
    return result.output();
  }

  /** Runs the command whatever its exit, with {@code input} on its standard input. */
  Result run(String arguments, String input) throws Exception {
    Process process = start(arguments);
    try (var stdin = process.outputWriter(UTF_8)) {
      stdin.write(input);
    }
    return result(process);
  }

  /** As {@link #run(String, String)}, but the input stays open: the other end has to hang up. */
  Result talk(String arguments, String input) throws Exception {
    Process process = start(arguments);
    process.onExit().orTimeout(20, SECONDS).exceptionally(late -> process.destroyForcibly());
    try (var stdin = process.outputWriter(UTF_8)) {
      stdin.write(input);
      stdin.flush();
      return result(process);
    }
  }

  /** A PKCS#8 key in {@code name.key}. */
  Path key(String name, String algorithm) throws Exception {
    run("genpkey -algorithm " + algorithm + " -out " + name + ".key");
    return path(name + ".key");
  }

  /** A certificate in {@code name.crt} by which {@code name.key} vouches for itself. */
  Path selfSigned(String name, String san) throws Exception {
    String names = san.isEmpty() ? "" : " -addext subjectAltName=" + san;
    run(
        "req -x509 -key "
            + name
            + ".key -out "
            + name
            + ".crt -days 365 -subj /CN="
            + name
            + names);
    return path(name + ".crt");
  }

  /** A certificate in {@code name.crt} for {@code name.key}, by the CA {@code ca}. */
  Path issued(String name, String ca, String san) throws Exception {
    return issuedWith(name, ca, san.isEmpty() ? "" : "subjectAltName=" + san);
  }

  Path issuedWith(String name, String ca, String extension) throws Exception {
    run("req -new -key " + name + ".key -out " + name + ".csr -subj /CN=" + name);
    Files.writeString(path(name + ".ext"), extension);
    run(
        "x509 -req -in %s.csr -CA %s.crt -CAkey %s.key -CAcreateserial -days 365 -out %s.crt -extfile %s.ext"
            .formatted(name, ca, ca, name, name));
    return path(name + ".crt");
  }

  private Process start(String arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments.split(" ", -1)));
    return new ProcessBuilder(command)
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .start();
  }

  private static Result result(Process process) throws Exception {
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Result(process.waitFor(), output);
  }

  record Result(int exit, String output) {}
}
