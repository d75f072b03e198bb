package etherws.testing;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** One host of a {@link Lab}: a network namespace. */
public final class Host {
  /** The launcher under test. */
  public static final String ETHERWS = java.nio.file.Path.of("etherws").toAbsolutePath().toString();

  private final String name;

  Host(String name) {
    this.name = name;
  }

  public String name() {
    return name;
  }

  /** A command to run on this host. */
  public Command command(String... words) {
    return Command.of(
        Stream.concat(Stream.of("ip", "netns", "exec", name), Stream.of(words))
            .toArray(String[]::new));
  }

  /** Runs a command that must succeed; what it printed. */
  public String run(String... words) {
    return command(words).succeed();
  }

  /** {@code ./etherws} with these arguments, as an operator would type it. */
  public Command etherws(String... arguments) {
    return command(Stream.concat(Stream.of(ETHERWS), Stream.of(arguments)).toArray(String[]::new))
        .within(Duration.ofSeconds(30));
  }

  /** True if {@code count} pings are all answered. */
  public boolean pings(String address, int count) {
    return command(
                "ping", "-n", "-q", "-c", String.valueOf(count), "-i", "0.01", "-W", "1", address)
            .run()
            .status()
        == 0;
  }

  /** A counter of {@code /sys/class/net}, such as {@code rx_packets}. */
  public long statistic(String device, String counter) {
    return Long.parseLong(
        run("cat", "/sys/class/net/" + device + "/statistics/" + counter).strip());
  }

  /** Process ids of everything that runs on this host. */
  public List<Long> processes() {
    return Command.of("ip", "netns", "pids", name)
        .run()
        .output()
        .lines()
        .map(Long::valueOf)
        .toList();
  }

  void endAll() {
    for (long pid : processes()) {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
    Lab.await("processes of " + name + " end", Duration.ofSeconds(5), () -> processes().isEmpty());
  }
}
