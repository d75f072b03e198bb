package etherws;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A copy of {@code ./etherws} in a directory of its own, with Java homes and a Maven made of shell
 * scripts. It sees nothing of this machine but the few commands that it is allowed.
 */
final class Installation {
  private static final List<String> COMMANDS =
      List.of(
          "cat",
          "env",
          "find",
          "flock",
          "mkdir",
          "mkfifo",
          "mktemp",
          "mv",
          "readlink",
          "rm",
          "script",
          "setsid",
          "sh",
          "sleep",
          "tail",
          "timeout",
          "true");

  /** What every JVM stand-in does first: tell how it was started, and look for its ready fd. */
  private static final String JAVA_PROLOGUE =
      """
      #!/bin/sh
      printf '%s\\n' "$0" "$@" >"$ROOT/started"
      ready=
      for option; do
        case $option in -Detherws.ready.fd=*) ready=${option#*=} ;; esac
      done
      """;

  private final Path root;
  private final Path home;

  Installation(Path root) throws IOException {
    this.root = root;
    this.home = root.resolve("a home with spaces");
    Files.createDirectories(target());
    Files.createFile(jar());
    Files.setLastModifiedTime(jar(), FileTime.from(Instant.now().minusSeconds(60)));
    Files.createFile(cache()); // empty: one could not be made
    String launcher = Files.readString(Path.of("etherws"));
    script(
        launcher(),
        launcher
            .replace(" /usr/lib/jvm/", " " + root + "/usr/lib/jvm/")
            .replace(" /opt/", " " + root + "/opt/"));
    Files.createDirectories(path());
    for (String command : COMMANDS) {
      for (String directory : System.getenv("PATH").split(":", -1)) {
        Path found = Path.of(directory, command);
        if (Files.isExecutable(found) && !Files.exists(path().resolve(command))) {
          script(path().resolve(command), "#!/bin/sh\nexec " + found + " \"$@\"\n");
        }
      }
    }
  }

  Path launcher() {
    return home.resolve("etherws");
  }

  Path home() {
    return home;
  }

  Path target() {
    return home.resolve("target");
  }

  Path jar() {
    return target().resolve("etherws.jar");
  }

  /** The AOT cache. */
  Path cache() {
    return target().resolve("etherws.aot");
  }

  /** The only directory on PATH. */
  Path path() {
    return root.resolve("bin");
  }

  /** Makes a Java home below the root whose JVM runs the shell lines of {@code body}. */
  Path java(String directory, String version, String body) throws IOException {
    Path java = root.resolve(directory);
    Files.createDirectories(java.resolve("bin"));
    Files.writeString(
        java.resolve("release"),
        "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + version + "\"\nJAVA_VERSION_DATE=\"\"\n");
    script(java.resolve("bin/java"), JAVA_PROLOGUE + body);
    return java;
  }

  Path java(String directory, String version) throws IOException {
    return java(directory, version, "");
  }

  /** Makes the one JVM of a test. */
  void java(String body) throws IOException {
    java("usr/lib/jvm/jdk", "25.0.1", body);
  }

  /** Turns the installation into a source checkout whose Maven runs the shell lines. */
  void maven(String body) throws IOException {
    Files.createDirectories(home.resolve("src/main"));
    Files.createFile(home.resolve("pom.xml"));
    script(path().resolve("mvn"), "#!/bin/sh\n" + body);
  }

  private static void script(Path file, String text) throws IOException {
    Files.writeString(file, text);
    if (!file.toFile().setExecutable(true)) {
      throw new IOException("cannot make " + file + " executable");
    }
  }

  /** The path of the JVM that ran last, and its arguments. */
  List<String> started() throws IOException {
    return Files.readAllLines(root.resolve("started"));
  }

  /** The arguments of the JVM that ran last which the program itself gets to see. */
  List<String> arguments() throws IOException {
    List<String> started = started();
    return started.subList(started.indexOf("-jar") + 2, started.size());
  }

  Finished run(String... arguments) throws IOException {
    return run(Map.of(), arguments);
  }

  Finished run(Map<String, String> environment, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(launcher().toString()));
    command.addAll(List.of(arguments));
    return finish(start(environment, command), "");
  }

  /**
   * Starts any command in the root directory, which scripts know as $ROOT, with a bare environment.
   */
  Process start(Map<String, String> environment, List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(root.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", path().toString());
    builder.environment().put("HOME", root.resolve("user").toString());
    builder.environment().put("ROOT", root.toString());
    builder.environment().put("TMPDIR", root.toString());
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** Waits for the process to end, and for everybody to let go of its stdout and stderr. */
  static Finished finish(Process process, String stdin) throws IOException {
    try (OutputStream in = process.getOutputStream()) {
      in.write(stdin.getBytes(UTF_8));
    }
    CompletableFuture<String> err =
        CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
    String out = text(process.getInputStream());
    return new Finished(process.onExit().join().exitValue(), out, err.join());
  }

  private static String text(InputStream stream) {
    try {
      return new String(stream.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How a command ended. */
  record Finished(int status, String out, String err) {}
}
