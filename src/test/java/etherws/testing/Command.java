package etherws.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** A program to run, with an end in time whatever it does. */
public final class Command {
  private final List<String> words;
  private Duration limit = Duration.ofSeconds(60);
  private String input = "";

  private Command(List<String> words) {
    this.words = words;
  }

  /** What a finished program left: exit status, standard output and standard error. */
  public record Result(int status, String output, String errors) {}

  public static Command of(String... words) {
    return new Command(List.of(words));
  }

  /** It is killed after this time, {@link Figure#SLACK} of it. */
  public Command within(Duration limit) {
    this.limit = limit;
    return this;
  }

  /** Its standard input. */
  public Command input(String text) {
    this.input = text;
    return this;
  }

  /**
   * Runs it to its end. Output goes through files: a daemon it leaves behind holds no pipe of ours.
   */
  public Result run() {
    try {
      Path in = Files.createTempFile("etherws", ".in");
      Path out = Files.createTempFile("etherws", ".out");
      Path err = Files.createTempFile("etherws", ".err");
      try {
        Files.writeString(in, input);
        Process process =
            builder()
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        if (!process.waitFor(Figure.SLACK * limit.toMillis(), TimeUnit.MILLISECONDS)) {
          process.destroyForcibly().waitFor();
          throw new AssertionError("not done within %s: %s%n%s".formatted(limit, words, read(err)));
        }
        return new Result(process.exitValue(), read(out), read(err));
      } finally {
        Files.delete(in);
        Files.delete(out);
        Files.delete(err);
      }
    } catch (IOException e) {
      return new Result(127, "", String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Runs it and returns its output; anything but status 0 fails the test. */
  public String succeed() {
    Result result = run();
    if (result.status() != 0) {
      throw new AssertionError("%s ended with %s".formatted(words, result));
    }
    return result.output();
  }

  /** Starts it in the background, output to {@code log}. */
  public Process start(Path log) {
    try {
      return builder()
          .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
          .redirectErrorStream(true)
          .redirectOutput(log.toFile())
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Without the proxies of whoever runs the tests, which lead to no network of theirs. */
  private ProcessBuilder builder() {
    ProcessBuilder builder = new ProcessBuilder(words);
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.toLowerCase(Locale.ROOT).endsWith("_proxy"));
    return builder;
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }
}
