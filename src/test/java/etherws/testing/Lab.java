package etherws.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * A network of hosts for one test: network namespaces, the cables between them, and a folder for
 * files. Closing it ends every process in the namespaces and removes all of it.
 */
public final class Lab implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final String prefix =
      "ew" + ProcessHandle.current().pid() + "x" + COUNT.incrementAndGet();
  private final List<Host> hosts = new ArrayList<>();
  private final Path folder;

  private Lab(Path folder) {
    this.folder = folder;
  }

  /** A lab, or the test is skipped where namespaces can't be made. */
  public static Lab open() throws IOException {
    assumeTrue(
        Command.of("ip", "netns", "list").run().status() == 0
            && Files.isWritable(Path.of("/dev/net/tun"))
            && canMakeNamespaces(),
        "needs root and network namespaces: run ./test as root, or with user namespaces");
    return new Lab(Files.createTempDirectory("etherws-lab"));
  }

  private static boolean canMakeNamespaces() {
    String probe = "ewprobe" + ProcessHandle.current().pid() + "x" + COUNT.incrementAndGet();
    boolean made = Command.of("ip", "netns", "add", probe).run().status() == 0;
    return made && Command.of("ip", "netns", "del", probe).run().status() == 0;
  }

  /** A new host: a namespace with its loopback up. */
  public Host host(String label) {
    Host host = new Host(prefix + label);
    Command.of("ip", "netns", "add", host.name()).succeed();
    hosts.add(host);
    host.run("ip", "link", "set", "lo", "up");
    return host;
  }

  /** A cable: a veth pair, both ends up. */
  public void cable(Host a, String deviceA, Host b, String deviceB) {
    Command.of(
            "ip", "link", "add", deviceA, "netns", a.name(), "type", "veth", "peer", "name",
            deviceB, "netns", b.name())
        .succeed();
    a.run("ip", "link", "set", deviceA, "up");
    b.run("ip", "link", "set", deviceB, "up");
  }

  /** A file of this lab. */
  public Path file(String name) {
    return folder.resolve(name);
  }

  public Path write(String name, String text) throws IOException {
    return Files.writeString(file(name), text);
  }

  /** Waits until {@code condition} holds; fails after {@code limit}, {@link Figure#SLACK} of it. */
  public static void await(String what, Duration limit, BooleanSupplier condition) {
    long deadline = System.nanoTime() + Figure.SLACK * limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + limit + ": " + what);
      }
      pause();
    }
  }

  private static void pause() {
    try {
      new java.util.concurrent.CountDownLatch(1)
          .await(20, java.util.concurrent.TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() throws IOException {
    hosts.forEach(Host::endAll);
    for (Host host : hosts) {
      Command.of("ip", "netns", "del", host.name()).run();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
