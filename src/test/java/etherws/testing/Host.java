package etherws.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** One host of a {@link Lab}: a network namespace. */
public final class Host {
  /** The launcher under test. */
  public static final String ETHERWS = java.nio.file.Path.of("etherws").toAbsolutePath().toString();

  private static final Pattern SEQUENCE = Pattern.compile("bytes from .*icmp_seq=(\\d+) ");
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int OVERTAKERS = 20;

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

  /** True if a ping is answered within a second. */
  public boolean reaches(String address) {
    return command("ping", "-n", "-q", "-c", "1", "-W", "1", address).run().status() == 0;
  }

  /**
   * True if the first {@code count} pings, 10 ms apart, are all answered, and once each.
   *
   * @param options of ping; a later one counts
   */
  public boolean pings(String address, int count, String... options) {
    List<String> words = new ArrayList<>(pingOf(count));
    words.addAll(List.of(options));
    words.add(address);
    Command.Result report =
        command(words.toArray(String[]::new)).within(PATIENCE.multipliedBy(2)).run();
    boolean all = allAnswered(report.output(), count);
    if (!all) {
      System.out.println(name + ": not all answered once: " + report);
    }
    return all;
  }

  /**
   * ping, with a line for each answer: it goes on until as many and some more are there, so that
   * answers may be late, and the first may be overtaken, which came by another queue of the TAP.
   */
  private static List<String> pingOf(int count) {
    String patience = "" + PATIENCE.multipliedBy(Figure.SLACK).toSeconds();
    return List.of("ping", "-n", "-i", "0.01", "-c", "" + (count + OVERTAKERS), "-w", patience);
  }

  /** Whether the first {@code count} pings, and perhaps some more, were answered once each. */
  public static boolean allAnswered(String report, int count) {
    List<Integer> answered =
        SEQUENCE.matcher(report).results().map(each -> Integer.valueOf(each.group(1))).toList();
    Set<Integer> distinct = Set.copyOf(answered);
    return distinct.size() == answered.size()
        && distinct.containsAll(IntStream.rangeClosed(1, count).boxed().toList());
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
