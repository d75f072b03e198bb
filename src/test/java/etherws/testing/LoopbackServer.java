package etherws.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** {@code etherws server} on the loopback of a host, for a {@link Crowd}. */
public record LoopbackServer(Lab lab, Host host, Path log) {
  public static final int PORT = 8080;

  /**
   * Starts it.
   *
   * @param wrapper a command that runs another, before it; may be empty
   */
  public Usage start(List<String> wrapper, String... options) throws IOException {
    List<String> words = new ArrayList<>(wrapper);
    words.addAll(List.of(Host.ETHERWS, "server", "--address", "127.0.0.1"));
    words.addAll(List.of("--port", "" + PORT, "--log-file", log.toString()));
    words.addAll(List.of("--pid-file", lab.file("pid").toString()));
    words.addAll(List.of(options));
    host.command(words.toArray(String[]::new)).within(Duration.ofSeconds(60)).succeed();
    long pid = Long.parseLong(Files.readString(lab.file("pid")).strip());
    return new Usage(ProcessHandle.of(pid).orElseThrow());
  }
}
