package etherws.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What a process uses. */
public record Usage(ProcessHandle process) {
  /** Processor time since its start, in seconds. */
  public double cpuSeconds() {
    return process.info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
  }

  /** Memory of its own that is in RAM, in KiB; a JVM has collected its garbage before. */
  public long settledKib() {
    jcmd("GC.run");
    jcmd("System.trim_native_heap");
    return residentKib();
  }

  public long residentKib() {
    try {
      return Files.readAllLines(Path.of("/proc", "" + process.pid(), "status")).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Asks the JVM. */
  public String jcmd(String... words) {
    String[] command = new String[words.length + 2];
    command[0] = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    command[1] = "" + process.pid();
    System.arraycopy(words, 0, command, 2, words.length);
    return Command.of(command).succeed();
  }

  /** Processor time that it takes from now on for so long, in seconds. */
  public double cpuDuring(Duration time) {
    double before = cpuSeconds();
    long end = System.nanoTime() + time.toNanos();
    Lab.await("time passes", time.plusSeconds(5), () -> System.nanoTime() >= end);
    return cpuSeconds() - before;
  }
}
