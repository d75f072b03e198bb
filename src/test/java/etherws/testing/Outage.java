package etherws.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long pings of every 10 ms did not cross a {@link SeedPicture}. */
public final class Outage {
  private static final Pattern ANSWERED =
      Pattern.compile("^\\[(\\d+\\.\\d+)] \\d+ bytes from ", Pattern.MULTILINE);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Outage() {}

  /** Something that cuts the connection. */
  @FunctionalInterface
  public interface Fault {
    void happen() throws Exception;
  }

  /**
   * Has it happen, and waits until pings cross again.
   *
   * @return the longest time without an answer, in seconds
   */
  public static double during(SeedPicture picture, Fault fault) throws Exception {
    Path log = Path.of(picture.file("outage.log"));
    Process pings =
        picture.vm2.command("ping", "-n", "-D", "-i", "0.01", SeedPicture.VM1).start(log);
    try {
      Lab.await("pings are answered", PATIENCE, () -> answers(log) > 20);
      fault.happen();
      long before = answers(log);
      // What was under way may still come: an outage is over when a second's pings are answered.
      Lab.await("pings are answered again", PATIENCE, () -> answers(log) > before + 100);
    } finally {
      pings.destroy();
      pings.waitFor();
    }
    return longestGap(log);
  }

  private static long answers(Path log) {
    return ANSWERED.matcher(read(log)).results().count();
  }

  private static double longestGap(Path log) {
    double longest = 0;
    double last = 0;
    Matcher answered = ANSWERED.matcher(read(log));
    while (answered.find()) {
      double now = Double.parseDouble(answered.group(1));
      longest = last == 0 ? 0 : Math.max(longest, now - last);
      last = now;
    }
    return longest;
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
