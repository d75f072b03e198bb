package etherws.tap;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An operator's commands around the life of a TAP device. They are run as they are, by no shell,
 * and told by their environment. Both block, for 10 s at most: not on an event loop.
 */
public final class Hook {
  private static final Logger log = LoggerFactory.getLogger(Hook.class);

  /** How long a command may take. */
  public static final Duration LIMIT = Duration.ofSeconds(10);

  /** What a command wrote before its end is read by then. */
  private static final Duration OUTPUT_LIMIT = Duration.ofSeconds(1);

  private static final String DEFAULT_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private final String network;
  private final String device;
  private final TapSettings settings;
  private final Duration limit;

  /**
   * @param network the name of the network that the device joins
   */
  public Hook(String network, TapDevice device, TapSettings settings) {
    this(network, device.name(), settings, LIMIT);
  }

  Hook(String network, String device, TapSettings settings, Duration limit) {
    this.network = network;
    this.device = device;
    this.settings = settings;
    this.limit = limit;
  }

  /**
   * Runs the {@code up} command, if there is one.
   *
   * @throws IOException with one line for the operator, if it does not succeed
   */
  public void up() throws IOException {
    if (!settings.up().isEmpty()) {
      run("up", settings.up(), limit);
    }
  }

  /** Runs the {@code down} command, if there is one. That it fails is told to the log alone. */
  public void down() {
    down(limit);
  }

  /** The same, in less time. */
  public void down(Duration limit) {
    try {
      if (!settings.down().isEmpty()) {
        run("down", settings.down(), limit);
      }
    } catch (IOException e) {
      log.warn("{}", e.getMessage());
    }
  }

  private void run(String event, List<String> command, Duration limit) throws IOException {
    String title = "%s hook of %s".formatted(event, device);
    Process process = start(title, event, command);
    LastLine errors = new LastLine();
    Thread output = follow(process.getInputStream(), line -> log.info("{}: {}", title, line));
    Thread trouble =
        follow(
            process.getErrorStream(),
            line -> {
              log.info("{}: {}", title, line);
              errors.text = line;
            });
    try {
      boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (!ended) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
      output.join(OUTPUT_LIMIT); // longer only if it left a daemon behind that holds the pipe
      trouble.join(OUTPUT_LIMIT);
      if (!ended) {
        throw new IOException("%s: killed after %d s".formatted(title, limit.toSeconds()));
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException(title + ": interrupted", e);
    }
    int status = process.exitValue();
    if (status != 0) {
      String said = errors.text.isEmpty() ? "" : ": " + errors.text;
      throw new IOException("%s: exit status %d%s".formatted(title, status, said));
    }
  }

  private Process start(String title, String event, List<String> command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectInput(Redirect.from(new File("/dev/null")));
    Map<String, String> environment = builder.environment();
    String path = environment.getOrDefault("PATH", DEFAULT_PATH);
    String language = environment.get("LANG");
    environment.clear();
    environment.put("PATH", path);
    if (language != null) {
      environment.put("LANG", language);
    }
    environment.put("ETHERWS_EVENT", event);
    environment.put("ETHERWS_NETWORK", network);
    environment.put("ETHERWS_DEVICE", device);
    environment.put("ETHERWS_MTU", Integer.toString(settings.mtu()));
    environment.put("ETHERWS_ADDRESSES", String.join(" ", settings.addresses()));
    try {
      return builder.start();
    } catch (IOException e) {
      throw new IOException("%s: %s".formatted(title, e.getMessage()), e);
    }
  }

  private static final class LastLine {
    private volatile String text = "";
  }

  private static Thread follow(InputStream stream, Consumer<String> line) {
    return Thread.ofPlatform()
        .daemon()
        .name("hook")
        .start(() -> {
          try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, UTF_8))) {
            reader.lines().forEach(line);
          } catch (IOException | UncheckedIOException e) {
            log.debug("the rest of a hook's output is lost", e);
          }
        });
  }
}
