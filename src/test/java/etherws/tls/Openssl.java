package etherws.tls;

import static java.nio.charset.StandardCharsets.UTF_8;
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
    Result result = start(arguments, "").result();
    if (result.exit() != 0) {
      throw new IOException("openssl " + arguments + ": " + result.output());
    }
    return result.output();
  }

  /** Runs the command whatever its exit, with {@code input} on its standard input. */
  Result run(String arguments, String input) throws Exception {
    return start(arguments, input).result();
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

  private Running start(String arguments, String input) throws IOException {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments.split(" ", -1)));
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    try (var stdin = process.outputWriter(UTF_8)) {
      stdin.write(input);
    }
    return new Running(process);
  }

  private record Running(Process process) {
    Result result() throws Exception {
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      return new Result(process.waitFor(), output);
    }
  }

  record Result(int exit, String output) {}
}
