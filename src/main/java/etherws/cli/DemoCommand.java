package etherws.cli;

import static java.util.Objects.requireNonNull;

import etherws.linux.LibC;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code etherws demo}: the main job, shown on two hosts that exist for as long as it lasts. */
@Command(
    name = "demo",
    description = {
      "Show a tunnel at work on this machine: two hosts (network namespaces), server and client",
      "over wss with a password, frames through the tunnel, throughput and latency. Cleans up."
    })
final class DemoCommand implements Callable<Integer> {
  private static final String LAUNCHER = "etherws.launcher";
  private static final Duration STREAM = Duration.ofSeconds(3);

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    String launcher = System.getProperty(LAUNCHER);
    if (launcher == null) {
      throw new IOException("the demo needs the launcher; start it as ./etherws demo");
    }
    if (LibC.geteuid() != 0) {
      return inUserNamespace(launcher);
    }
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    try (DemoNetwork network = DemoNetwork.create()) {
      out.println("two hosts, joined by a cable: " + network);
      network.startTunnel((host, arguments) -> network.runOn(host, launcher, arguments));
      out.println("server and client over wss with a password: up, as their prompts returned");
      DemoTraffic.Report report = network.measure(STREAM);
      out.println();
      out.println(report);
      out.println();
      out.println(report.good() ? "OK: frames cross the tunnel." : "FAILED: frames were lost.");
      out.flush();
      return report.good() ? ExitStatus.OK.code() : ExitStatus.FAILURE.code();
    }
  }

  /**
   * Not root: root of a user namespace may make network namespaces and TAP devices just as well.
   */
  private static int inUserNamespace(String launcher) throws IOException, InterruptedException {
    if (!Files.isWritable(Path.of("/dev/net/tun"))) {
      throw new IOException("/dev/net/tun is missing or not writable; run the demo as root");
    }
    if (new ProcessBuilder("unshare", "--user", "--map-root-user", "true").start().waitFor() != 0) {
      throw new IOException("ordinary users get no user namespace here; run the demo as root");
    }
    List<String> command =
        List.of(
            "unshare",
            "--user",
            "--map-root-user",
            "--net",
            "--mount",
            "sh",
            "-c",
            "mount -t tmpfs tmpfs /run && exec \"$0\" demo",
            launcher);
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }
}
