package etherws.tunnel;

import static java.util.Objects.requireNonNull;

import etherws.control.Json;
import etherws.testing.Host;
import etherws.testing.Lab;
import etherws.testing.PrivateNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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

  /** The drops of all its clients together, by reason; its control socket is server.sock. */
  Map<String, Long> clientDrops() throws IOException, InterruptedException {
    String socket = folder.resolve("server.sock").toString();
    String json = PrivateNetwork.run(Host.ETHERWS, "ports", "--json", "--socket", socket);
    Map<String, Long> sum = new HashMap<>();
    Map<?, ?> answer = (Map<?, ?>) requireNonNull(Json.read(json));
    for (Object port : (List<?>) requireNonNull(answer.get("ports"))) {
      Map<?, ?> fields = (Map<?, ?>) port;
      if ("client".equals(fields.get("type")) && fields.get("drops") instanceof Map<?, ?> counts) {
        counts.forEach((reason, count) -> sum.merge((String) reason, (Long) count, Long::sum));
      }
    }
    return sum;
  }

  @Override
  public void close() {
    process.destroyForcibly();
    Lab.await("the server ends", PATIENCE, () -> !process.isAlive());
  }
}
