package etherws.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** A configuration file can't be used; the message has a line for each of its problems. */
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient List<Problem> problems;

  ConfigException(Problem problem) {
    this(List.of(problem));
  }

  ConfigException(Collection<Problem> problems) {
    super(problems.stream().sorted(byPlace()).map(Problem::toString).collect(lines()));
    this.problems = problems.stream().sorted(byPlace()).toList();
  }

  /** In the order of the file; at least one. */
  public List<Problem> problems() {
    return problems;
  }

  private static Comparator<Problem> byPlace() {
    return Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column);
  }

  private static java.util.stream.Collector<CharSequence, ?, String> lines() {
    return Collectors.joining("\n");
  }
}
