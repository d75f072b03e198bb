package etherws.it;

import static etherws.testing.Pair.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.testing.Certificates;
import etherws.testing.Command;
import etherws.testing.Figure;
import etherws.testing.Lab;
import etherws.testing.Pair;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Somebody renews a certificate or adds a user, well or badly, and tells nobody. */
class ReplacedFilesIT {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private Pair pair;

  @BeforeEach
  void tunnelUp() throws Exception {
    pair = Pair.open();
    Certificates.make(pair.folder(), "EC SEC1", "IP:" + SERVER);
    Command.of("htpasswd", "-c", "-b", "-B", "-C", "4", pair.file("users"), "alice", "secret")
        .succeed();
    Files.copy(path("ssl.crt"), path("first.crt"));
    pair.startServer(
        "--keyfile", pair.file("ssl.key"),
        "--certfile", pair.file("ssl.crt"),
        "--htpasswd", pair.file("users"));
    pair.clientCommand(
            "--uri", "wss://alice:secret@" + SERVER + "/", "--cacerts", pair.file("first.crt"))
        .succeed();
    pair.addressClient();
    assertThat(pair.pings()).isTrue();
  }

  @AfterEach
  void close() throws Exception {
    if (pair != null) {
      pair.close();
    }
  }

  @Test
  void aNewCertificateIsShownAndABrokenOneIsNotAndNobodyLeaves() throws Exception {
    Certificates.make(pair.folder(), "EC SEC1", "IP:" + SERVER); // another key, another certificate
    double served = seconds("the new certificate is shown", () -> shown().equals(own("ssl.crt")));

    Files.writeString(path("ssl.crt"), "not a certificate\n");
    double complained = seconds("it complains", () -> errors("certificate not replaced") == 1);
    aFewSecondsPass();
    assertThat(errors("certificate not replaced")).isEqualTo(1);
    assertThat(shown()).startsWith("-----BEGIN");

    assertThat(pair.pings()).isTrue();
    assertThat(pair.read("server.log")).doesNotContain(" left ");
    Figure.print(
        "certificate replaced, broken",
        "served after %.2f s; one error line after %.2f s (at most 5)",
        served,
        complained);
  }

  @Test
  void aNewUserMayComeInAndABrokenFileChangesNothing() throws Exception {
    Command.of("htpasswd", "-b", "-B", "-C", "4", pair.file("users"), "bob", "builder").succeed();
    double known = seconds("bob is known", () -> lines("read again, 2 users") == 1);

    Files.writeString(path("users"), "carol plain\n", StandardOpenOption.APPEND);
    double complained = seconds("it complains", () -> errors("users:3") == 1);
    aFewSecondsPass();
    assertThat(errors("users")).isEqualTo(1);

    assertThat(pair.pings()).isTrue();
    assertThat(pair.read("server.log")).doesNotContain(" left ");
    Figure.print(
        "htpasswd replaced, broken",
        "known after %.2f s; one error line after %.2f s (at most 5)",
        known,
        complained);
  }

  private interface Condition {
    boolean holds() throws IOException;
  }

  private static double seconds(String what, Condition condition) {
    long start = System.nanoTime();
    Lab.await(
        what,
        LIMIT,
        () -> {
          try {
            return condition.holds();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    return (System.nanoTime() - start) / 1e9;
  }

  private static void aFewSecondsPass() {
    long end = System.nanoTime() + Duration.ofSeconds(3).toNanos();
    Lab.await("time passes", LIMIT, () -> System.nanoTime() >= end);
  }

  /** The certificate that a client to come is shown. */
  private String shown() {
    return pem(
        pair.client.command("openssl", "s_client", "-connect", SERVER + ":443").run().output());
  }

  private String own(String file) throws IOException {
    return pem(pair.read(file));
  }

  private static String pem(String text) {
    int begin = text.indexOf("-----BEGIN CERTIFICATE-----");
    int end = text.indexOf("-----END CERTIFICATE-----");
    return begin < 0 || end < 0 ? "none in " + text : text.substring(begin, end);
  }

  private long errors(String what) throws IOException {
    return pair.read("server.log")
        .lines()
        .filter(line -> line.contains("ERROR") && line.contains(what))
        .count();
  }

  private long lines(String what) throws IOException {
    return pair.read("server.log").lines().filter(line -> line.contains(what)).count();
  }

  private Path path(String name) {
    return pair.lab.file(name);
  }
}
