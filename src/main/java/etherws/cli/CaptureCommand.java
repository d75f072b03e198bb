package etherws.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** {@code etherws capture}. */
@Command(
    name = "capture",
    description = {
      "Show the frames that pass a port of a running node, or all its ports: a line each, or with",
      "-w as pcapng for Wireshark. Ends after --count frames, or by Ctrl-C."
    })
final class CaptureCommand implements Callable<Integer> {
  private static final String STANDARD_OUTPUT = "-";
  private static final int BUFFER = 64 << 10;

  @Mixin private ControlSocket socket = new ControlSocket();
  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "PORT",
      description = "number, name or NETWORK/NUMBER (default: all ports)")
  private @Nullable String port;

  @Option(
      names = {"-w", "--write"},
      paramLabel = "FILE",
      description = "write pcapng to FILE, - is standard output")
  private @Nullable String file;

  @Option(
      names = "--filter",
      paramLabel = "EXPR",
      description = "only frames for which EXPR is true, as in: arp or tcp port 80")
  private String filter = "";

  @Option(names = "--count", paramLabel = "N", description = "end after N frames")
  private long count;

  @Override
  public Integer call() throws AskException, IOException {
    if (STANDARD_OUTPUT.equals(file) && isTerminal()) {
      throw new ParameterException(
          requireNonNull(spec).commandLine(),
          "pcapng is nothing for a terminal: pipe it, as in: etherws capture -w - | tshark -r -");
    }
    if (count < 0) {
      throw new ParameterException(
          requireNonNull(spec).commandLine(), "--count is a number of frames");
    }
    NodeClient node = socket.client();
    try (HttpReply reply = node.open("GET " + target(node), "")) {
      stopBySignal(reply);
      try (OutputStream out = output()) {
        return copy(reply.body(), out);
      }
    }
  }

  private String target(NodeClient node) throws AskException {
    StringBuilder target = new StringBuilder("/v1/capture?format=");
    target.append(file == null ? "text" : "pcapng").append("&count=").append(count);
    target.append("&filter=").append(URLEncoder.encode(filter, UTF_8));
    if (port != null) {
      String chosen = Choice.port(node, port, null).port();
      target.append("&port=").append(URLEncoder.encode(chosen, UTF_8));
    }
    return target.toString();
  }

  /** Standard output is not to be closed by more than the end of the process. */
  private OutputStream output() throws IOException {
    return file == null || file.equals(STANDARD_OUTPUT)
        ? new FileOutputStream(FileDescriptor.out)
        : Files.newOutputStream(Path.of(file));
  }

  /** The first signal has the node end the capture; a second one ends us. */
  private static void stopBySignal(HttpReply reply) {
    for (String name : new String[] {"INT", "TERM"}) {
      Signal signal = new Signal(name);
      Signal.handle(
          signal,
          _ -> {
            Signal.handle(signal, SignalHandler.SIG_DFL);
            try {
              reply.finish();
            } catch (IOException e) {
              // The node has ended it already.
            }
          });
    }
  }

  private static int copy(InputStream in, OutputStream out) throws AskException, IOException {
    byte[] octets = new byte[BUFFER];
    while (true) {
      int read;
      try {
        read = in.read(octets);
      } catch (EOFException e) {
        throw new AskException(ExitStatus.NOT_RUNNING, "the node has stopped, and the capture too");
      }
      if (read < 0) {
        return ExitStatus.OK.code();
      }
      try {
        out.write(octets, 0, read);
      } catch (IOException e) {
        if (String.valueOf(e.getMessage()).contains("Broken pipe")) {
          return ExitStatus.OK.code(); // the reader has seen enough
        }
        throw e;
      }
    }
  }

  /** Whether standard output is one; Java knows it only of both standard streams together. */
  private static boolean isTerminal() {
    try {
      Path output = Files.readSymbolicLink(Path.of("/proc/self/fd/1"));
      return output.startsWith("/dev/pts") || output.toString().startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }
}
