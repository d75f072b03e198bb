package etherws.cli;

import at.favre.lib.crypto.bcrypt.BCrypt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The demo's two hosts: network namespaces with a cable between them, and a folder with a
 * certificate and a password. Closing it ends what runs there and removes all of it.
 */
final class DemoNetwork implements AutoCloseable {
  private static final String PASSWORD = "demo";
  private static final String SERVER_ADDRESS = "192.0.2.1";
  private static final String CLIENT_ADDRESS = "192.0.2.2";
  private static final String DEVICE = "ethws0";

  private final String server = "etherws-demo-" + ProcessHandle.current().pid() + "-a";
  private final String client = "etherws-demo-" + ProcessHandle.current().pid() + "-b";
  private final Path folder;
  private boolean closed;

  private DemoNetwork(Path folder) {
    this.folder = folder;
  }

  static DemoNetwork create() throws Exception {
    DemoNetwork network = new DemoNetwork(Files.createTempDirectory("etherws-demo"));
    Runtime.getRuntime().addShutdownHook(new Thread(network::closeQuietly, "demo clean-up"));
    try {
      network.build();
      return network;
    } catch (Exception e) {
      network.close();
      throw e;
    }
  }

  private void build() throws Exception {
    run("ip", "netns", "add", server);
    run("ip", "netns", "add", client);
    run(
        "ip", "link", "add", "cable", "netns", server, "type", "veth", "peer", "name", "cable",
        "netns", client);
    address(server, "cable", SERVER_ADDRESS + "/24");
    address(client, "cable", CLIENT_ADDRESS + "/24");
    writeCertificate();
    Files.writeString(
        folder.resolve("htpasswd"),
        "demo:" + BCrypt.with(BCrypt.Version.VERSION_2Y).hashToString(8, PASSWORD.toCharArray()));
    Files.writeString(folder.resolve("password"), PASSWORD);
  }

  /** How an etherws is started on a host. */
  interface Starter {
    /** Returns when its tunnel is up. */
    void start(String host, List<String> arguments) throws Exception;
  }

  /** Starts server and client, each on its host, and gives the TAPs addresses. */
  void startTunnel(Starter etherws) throws Exception {
    etherws.start(server, serverArguments());
    etherws.start(client, clientArguments());
    address(server, DEVICE, DemoTraffic.SERVER + "/24");
    address(client, DEVICE, DemoTraffic.CLIENT + "/24");
  }

  private List<String> serverArguments() {
    return List.of(
        "server",
        "--keyfile",
        file("key.pem"),
        "--certfile",
        file("cert.pem"),
        "--htpasswd",
        file("htpasswd"),
        "--log-file",
        file("server.log"));
  }

  private List<String> clientArguments() {
    return List.of(
        "client",
        "--uri",
        "wss://" + SERVER_ADDRESS + "/",
        "--cacerts",
        file("cert.pem"),
        "--user",
        "demo",
        "--passwd-file",
        file("password"),
        "--proxy",
        "none",
        "--log-file",
        file("client.log"));
  }

  /** Sends traffic through the tunnel, a thread on either host; TCP for that long each way. */
  DemoTraffic.Report measure(Duration stream) throws Exception {
    return new DemoTraffic(server, client, stream).run();
  }

  /** The JDK makes certificates with its keytool alone. */
  private void writeCertificate() throws Exception {
    Path store = folder.resolve("store.p12");
    run(
        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
        "-genkeypair",
        "-keystore",
        store.toString(),
        "-storetype",
        "PKCS12",
        "-storepass",
        "changeit",
        "-alias",
        "demo",
        "-keyalg",
        "EC",
        "-groupname",
        "secp256r1",
        "-dname",
        "CN=etherws demo",
        "-ext",
        "SAN=IP:" + SERVER_ADDRESS,
        "-validity",
        "2");
    char[] password = "changeit".toCharArray();
    KeyStore keys = KeyStore.getInstance(store.toFile(), password);
    writePem("key.pem", "PRIVATE KEY", keys.getKey("demo", password).getEncoded());
    writePem("cert.pem", "CERTIFICATE", keys.getCertificate("demo").getEncoded());
  }

  private void writePem(String name, String type, byte[] der) throws IOException {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    Files.writeString(
        folder.resolve(name),
        "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n".formatted(type, body));
  }

  /** The path of a file of this network. */
  String file(String name) {
    return folder.resolve(name).toString();
  }

  private void address(String host, String device, String address) throws IOException {
    run("ip", "-n", host, "address", "add", address, "dev", device);
    run("ip", "-n", host, "link", "set", device, "up");
  }

  /** A command on a host. */
  void runOn(String host, String program, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", host, program));
    command.addAll(arguments);
    run(command.toArray(String[]::new));
  }

  private void run(String... command) throws IOException {
    Path output = Files.createTempFile(folder, "command", ".log");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      process.getOutputStream().close();
      if (process.waitFor() != 0) {
        throw new IOException(
            "'%s' failed: %s"
                .formatted(String.join(" ", command), Files.readString(output).strip()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      Files.delete(output);
    }
  }

  /** Ctrl-C: the same clean-up, with nobody left to tell of its failure. */
  private void closeQuietly() {
    try {
      close();
    } catch (IOException e) {
      System.err.println("etherws: the demo left something behind: " + e.getMessage());
    }
  }

  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    for (String host : List.of(client, server)) {
      endProcesses(host);
      new ProcessBuilder("ip", "netns", "delete", host)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start()
          .onExit()
          .join();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** SIGTERM, as an operator would; the daemons end within 5 s. */
  private static void endProcesses(String host) throws IOException {
    Process pids = new ProcessBuilder("ip", "netns", "pids", host).start();
    try (var lines = pids.inputReader()) {
      lines
          .lines()
          .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)).stream())
          .toList()
          .forEach(process -> {
            process.destroy();
            process.onExit().completeOnTimeout(process, 6, TimeUnit.SECONDS).join();
          });
    }
  }

  @Override
  public String toString() {
    return server + " (" + SERVER_ADDRESS + ") and " + client + " (" + CLIENT_ADDRESS + ")";
  }
}
