package etherws.config;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One reading of a file, and what was found wrong so far.
 *
 * @param file as the operator has named it
 * @param folder that relative paths start from
 * @param environment of the process
 * @param inputs of this reading and those before
 * @param problems each makes the file useless
 * @param warnings the operator should know them
 */
record Reading(
    Path file,
    Path folder,
    Map<String, String> environment,
    InputFiles inputs,
    Set<Problem> problems,
    Set<Problem> warnings) {
  static Reading of(Path file, Map<String, String> environment, InputFiles inputs) {
    Path folder = file.toAbsolutePath().normalize().getParent();
    return new Reading(
        file,
        folder == null ? Path.of("/") : folder,
        environment,
        inputs,
        new LinkedHashSet<>(),
        new LinkedHashSet<>());
  }

  void orThrow() throws ConfigException {
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  List<Problem> allWarnings() {
    return List.copyOf(warnings);
  }
}
