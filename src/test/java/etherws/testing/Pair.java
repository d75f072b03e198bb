package etherws.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * A server and one client on a cable, for tests of how they meet.
 *
 * <pre>
 *   server u0 10.9.0.1 ------- u0 10.9.0.2 client        ethws0: 198.51.100.1 and .2
 * </pre>
 */
public final class Pair implements AutoCloseable {
  public static final String SERVER = "10.9.0.1";
  public static final String SERVER_TAP = "198.51.100.1";
  public static final String CLIENT_TAP = "198.51.100.2";

  public final Lab lab;
  public final Host server;
  public final Host client;

  private Pair(Lab lab) {
    this.lab = lab;
    server = lab.host("s");
    client = lab.host("c");
    lab.cable(server, "u0", client, "u0");
    server.run("ip", "addr", "add", SERVER + "/24", "dev", "u0");
    client.run("ip", "addr", "add", "10.9.0.2/24", "dev", "u0");
    server.run("ip", "addr", "add", "fd00:9::1/64", "dev", "u0", "nodad");
    client.run("ip", "addr", "add", "fd00:9::2/64", "dev", "u0", "nodad");
  }

  public static Pair open() throws IOException {
    return new Pair(Lab.open());
  }

  public Path folder() {
    return lab.file("");
  }

  public String file(String name) {
    return lab.file(name).toString();
  }

  /** Starts the server as a daemon and gives its TAP an address. */
  public void startServer(String... options) {
    server
        .etherws(
            with(
                options,
                "server",
                "--log-file",
                file("server.log"),
                "--pid-file",
                file("server.pid")))
        .succeed();
    server.run("ip", "addr", "add", SERVER_TAP + "/24", "dev", "ethws0");
  }

  /** The client's command line with {@code options} at its end. */
  public Command clientCommand(String... options) {
    return client.etherws(
        with(
            options, "client", "--log-file", file("client.log"), "--pid-file", file("client.pid")));
  }

  /** Starts the client as a daemon, which must succeed, and gives its TAP an address. */
  public void startClient(String... options) {
    clientCommand(options).succeed();
    addressClient();
  }

  public void addressClient() {
    client.run("ip", "addr", "add", CLIENT_TAP + "/24", "dev", "ethws0");
  }

  /** True if the server's TAP answers the client. */
  public boolean pings() {
    return client.pings(SERVER_TAP, 5);
  }

  /** SIGTERM to the process of that pid file, and waits for its end. */
  public void stop(String name) throws IOException {
    ProcessHandle process = process(name);
    process.destroy();
    Lab.await(name + " ends", Duration.ofSeconds(5), () -> !process.isAlive());
  }

  public ProcessHandle process(String name) throws IOException {
    String pid = java.nio.file.Files.readString(lab.file(name + ".pid")).strip();
    return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
  }

  public String read(String name) throws IOException {
    return java.nio.file.Files.readString(lab.file(name));
  }

  private static String[] with(String[] options, String... fixed) {
    return Stream.concat(Arrays.stream(fixed), Arrays.stream(options)).toArray(String[]::new);
  }

  @Override
  public void close() throws IOException {
    lab.close();
  }
}
