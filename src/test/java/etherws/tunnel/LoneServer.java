package etherws.tunnel;

import etherws.testing.Host;
import etherws.testing.Lab;
import etherws.testing.PrivateNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A server, a process of its own, in the network namespace of the test. */
final class LoneServer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Path folder;
  private final ProcessHandle process;

  /** Starts {@code etherws server} or {@code etherws run}, with these words. */
  LoneServer(Path folder, String... words) throws IOException, InterruptedException {
    this.folder = folder;
    PrivateNetwork.run("ip", "link", "set", "lo", "up");
    List<String> line = new ArrayList<>(List.of(Host.ETHERWS));
    line.addAll(List.of(words));
    line.addAll(List.of("--log-file", folder.resolve("server.log").toString()));
    line.addAll(List.of("--pid-file", folder.resolve("server.pid").toString()));
    PrivateNetwork.run(line.toArray(String[]::new));
    String pid = Files.readString(folder.resolve("server.pid")).strip();
    process = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Resident memory in KiB: heap, direct buffers, native libraries, stacks, all of it. */
  long residentKib() throws IOException {
    return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }

  /** Lines of its log that no peer may cause: errors, and traces of exceptions. */
  List<String> troubles() throws IOException {
    return Files.readAllLines(folder.resolve("server.log")).stream()
        .filter(
            line -> line.contains("ERROR") || line.matches("\\s+at .*|.*(Exception|Error)\\b.*"))
        .toList();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    Lab.await("the server ends", PATIENCE, () -> !process.isAlive());
  }
}
