package etherws.it;

import static etherws.testing.Pair.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.testing.Certificates;
import etherws.testing.Command;
import etherws.testing.Lab;
import etherws.testing.Pair;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may be here is decided again whenever the files change: live, and with a reason. */
class RevocationIT {
  private Pair pair;

  @BeforeEach
  void open() throws Exception {
    pair = Pair.open();
  }

  @AfterEach
  void close() throws Exception {
    if (pair != null) {
      pair.close();
    }
  }

  @Test
  void aUserTakenOutOfTheFileIsSentAwayAtOnce() {
    htpasswd("-c", "-b", "-B", pair.file("users"), "alice", "secret");
    htpasswd("-b", "-B", pair.file("users"), "bob", "builder");
    pair.startServer("--htpasswd", pair.file("users"));
    client("alice", "secret");

    htpasswd("-D", pair.file("users"), "alice");

    awaitLine("server.log", "alice@10.9.0.2", "unknown user");
    awaitLine("client.log", "wrong user or password", "");
  }

  @Test
  void aNewPasswordEndsTheSessionsOfTheOldOneAndNoOthers() {
    htpasswd("-c", "-b", "-B", pair.file("users"), "alice", "secret");
    pair.startServer("--htpasswd", pair.file("users"));
    client("alice", "secret");

    htpasswd("-b", "-B", pair.file("users"), "bob", "builder");
    awaitLine("server.log", "read again, 2 users", "");
    assertThat(pair.pings()).isTrue();

    htpasswd("-b", "-B", pair.file("users"), "alice", "changed");
    awaitLine("server.log", "alice@10.9.0.2", "unknown user");
  }

  @Test
  void aCertificateSaysWhoTheClientIs() throws Exception {
    startCertifiedServer();
    issue("alice", "ca");

    pair.startClient(certified("alice"));

    assertThat(pair.pings()).isTrue();
    assertThat(pair.read("server.log")).contains("alice@10.9.0.2");
  }

  @Test
  void aClientWithoutACertificateIsToldWhatToGive() {
    startCertifiedServer();

    Command.Result result =
        pair.clientCommand("--uri", "wss://" + SERVER, "--cacerts", pair.file("ssl.crt")).run();

    assertThat(result.errors()).contains("--certfile");
    assertThat(result.status()).isEqualTo(78);
  }

  @Test
  void aCertificateOfAnotherCaOpensNothing() {
    startCertifiedServer();
    ca("other");
    issue("alice", "other");

    Command.Result result = pair.clientCommand(certified("alice")).run();

    assertThat(result.errors()).contains("--certfile");
    assertThat(result.status()).isEqualTo(78);
  }

  private void startCertifiedServer() {
    Certificates.make(pair.folder(), "EC SEC1", "IP:" + SERVER);
    ca("ca");
    pair.startServer(
        "--keyfile", pair.file("ssl.key"),
        "--certfile", pair.file("ssl.crt"),
        "--client-ca", pair.file("ca.crt"));
  }

  private String[] certified(String name) {
    return new String[] {
      "--uri", "wss://" + SERVER,
      "--cacerts", pair.file("ssl.crt"),
      "--certfile", pair.file(name + ".crt"),
      "--keyfile", pair.file(name + ".key")
    };
  }

  private void ca(String name) {
    key(name);
    Certificates.sign(pair.folder(), name, "DNS:" + name, "30");
  }

  private void key(String name) {
    Certificates.openssl(
        "genpkey",
        "-algorithm",
        "EC",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-out",
        pair.file(name + ".key"));
  }

  private void issue(String name, String ca) {
    key(name);
    Certificates.openssl(
        "req",
        "-new",
        "-key",
        pair.file(name + ".key"),
        "-out",
        pair.file(name + ".csr"),
        "-subj",
        "/CN=" + name);
    Certificates.openssl(
        "x509",
        "-req",
        "-in",
        pair.file(name + ".csr"),
        "-CA",
        pair.file(ca + ".crt"),
        "-CAkey",
        pair.file(ca + ".key"),
        "-CAcreateserial",
        "-days",
        "30",
        "-out",
        pair.file(name + ".crt"));
  }

  private void client(String user, String password) {
    Command.Result result =
        pair.clientCommand("--uri", "ws://" + SERVER, "--user", user).input(password + "\n").run();
    assertThat(result.status()).as(result.errors()).isZero();
    pair.addressClient();
    assertThat(pair.pings()).isTrue();
  }

  private void awaitLine(String log, String a, String b) {
    Lab.await(
        a + " " + b + " in " + log,
        Duration.ofSeconds(5),
        () -> read(log).lines().anyMatch(line -> line.contains(a) && line.contains(b)));
  }

  private String read(String log) {
    try {
      return pair.read(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void htpasswd(String... arguments) {
    String[] command = new String[arguments.length + 1];
    command[0] = "htpasswd";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    Command.of(command).succeed();
  }
}
