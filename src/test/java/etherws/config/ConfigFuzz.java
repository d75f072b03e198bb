package etherws.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The octets of a configuration file: settings that are the same when shown and read again, or
 * problems with a line each.
 */
public final class ConfigFuzz {
  private static final Path FILE = example();

  private ConfigFuzz() {}

  private static Path example() {
    try {
      Path folder = Files.createTempDirectory(folderForTemporaryFiles(), "etherws-fuzz");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
      return Example.in(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** In memory, where there is such a folder. */
  private static Path folderForTemporaryFiles() {
    Path memory = Path.of("/dev/shm");
    return Files.isWritable(memory) ? memory : Path.of(System.getProperty("java.io.tmpdir"));
  }

  private static void delete(Path folder) {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    ConfigFile config = new ConfigFile(FILE, Example.NO_PROMPT);
    Files.write(FILE, input);
    NodeConfig read;
    try {
      read = config.read();
    } catch (ConfigException e) {
      checkProblems(e);
      return;
    }
    try {
      String shown = config.show();
      Files.writeString(FILE, shown);
      if (!config.read().node().equals(read.node())) {
        throw new AssertionError("shown it says something else: " + shown);
      }
    } catch (ConfigException e) {
      throw new AssertionError("what it shows can't be read", e);
    }
  }

  private static void checkProblems(ConfigException e) {
    if (e.problems().isEmpty()) {
      throw new AssertionError("no problem said", e);
    }
    e.problems()
        .forEach(problem -> {
          String line = problem.toString();
          if (line.contains("\n")) {
            throw new AssertionError("a problem of two lines: " + line, e);
          }
        });
  }
}
