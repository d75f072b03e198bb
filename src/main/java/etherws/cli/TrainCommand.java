package etherws.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/**
 * {@code etherws train}, which the launcher has recorded for its AOT cache: the demo's session, but
 * with server and client in this one process, so that the cache serves both.
 */
@Command(name = "train", hidden = true, description = "Work for the AOT cache to be made of.")
final class TrainCommand implements Callable<Integer> {
  private static final Duration STREAM = Duration.ofSeconds(1);
  private static final int POLL_MILLIS = 10;

  @Override
  public Integer call() {
    try {
      session();
    } catch (Exception e) {
      System.err.println("no namespaces or no TAP devices: " + e.getMessage());
      startInVain();
    }
    return ExitStatus.OK.code();
  }

  private static void session() throws Exception {
    try (DemoNetwork network = DemoNetwork.create()) {
      network.startTunnel((host, arguments) -> startHere(host, arguments, network));
      System.err.println(network.measure(STREAM));
    }
  }

  /** Options, logs, Netty and BoringSSL are loaded before the MTU is found wrong. */
  private static void startInVain() {
    Etherws.run(new String[] {"client", "--uri", "wss://127.0.0.1/", "--mtu", "0"});
  }

  private static void startHere(String host, List<String> arguments, DemoNetwork network)
      throws Exception {
    Path pidFile = Path.of(network.file(host + ".pid"));
    String[] all =
        Stream.concat(
                arguments.stream(), Stream.of("--foreground", "--pid-file", pidFile.toString()))
            .toArray(String[]::new);
    Future<Integer> end = DemoHost.on(host, () -> Etherws.run(all));
    while (!Files.exists(pidFile)) {
      try {
        throw new IOException(arguments.getFirst() + " ended with status " + await(end));
      } catch (TimeoutException e) {
        // It is still on its way up.
      }
    }
  }

  private static int await(Future<Integer> end) throws Exception {
    return end.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
  }
}
