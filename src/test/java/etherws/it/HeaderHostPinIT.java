package etherws.it;

import static etherws.testing.Pair.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.testing.Certificates;
import etherws.testing.Command;
import etherws.testing.Lab;
import etherws.testing.Pair;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A server known by a name that leads elsewhere, by its key, or behind something that wants more.
 */
class HeaderHostPinIT {
  private static final String URI = "wss://" + SERVER + "/";

  private Pair pair;

  @BeforeEach
  void open() throws Exception {
    pair = Pair.open();
    Certificates.make(pair.folder(), "EC SEC1", "DNS:hub.example");
  }

  @AfterEach
  void close() throws Exception {
    if (pair != null) {
      pair.close();
    }
  }

  private void startServer() {
    pair.startServer("--keyfile", pair.file("ssl.key"), "--certfile", pair.file("ssl.crt"));
  }

  /** The manual's command. */
  private String pin() {
    return "sha256:"
        + Command.of(
                "sh",
                "-c",
                "openssl x509 -in %s -noout -pubkey | openssl pkey -pubin -outform DER"
                        .formatted(pair.file("ssl.crt"))
                    + " | openssl dgst -sha256 -binary | base64")
            .succeed()
            .strip();
  }

  @Test
  void theCertificateIsThatOfTheHostGiven() {
    startServer();
    String cacerts = pair.file("ssl.crt");

    Command.Result other = pair.clientCommand("--uri", URI, "--cacerts", cacerts).run();
    pair.startClient("--uri", URI, "--cacerts", cacerts, "--host", "hub.example");

    assertThat(other.status()).isEqualTo(78);
    assertThat(pair.pings()).isTrue();
  }

  @Test
  void aPinnedKeyIsEnoughWithInsecureAndAnotherIsNot() throws Exception {
    startServer();
    String wrong = "sha256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

    Command.Result refused = pair.clientCommand("--uri", URI, "--insecure", "--pin", wrong).run();
    Command.Result accepted =
        pair.clientCommand("--uri", URI, "--insecure", "--pin", wrong, "--pin", pin()).run();

    assertThat(refused.status()).isEqualTo(78);
    assertThat(refused.errors().strip())
        .startsWith("etherws: the key of " + SERVER + " is not pinned, its pin is " + pin())
        .doesNotContain("\n");
    assertThat(accepted.status()).as(accepted.errors()).isZero();
    assertThat(accepted.errors()).isEmpty();
    pair.addressClient();
    assertThat(pair.pings()).isTrue();
  }

  /** A TLS server that knows one name, and prints what it decrypts. */
  @Test
  void theHostAndTheHeadersAreSentAndNoSecretIsLogged() throws Exception {
    Path heard = pair.lab.file("heard");
    pair.lab.write("headers", "Cookie: session=secret\n");
    pair.server
        .command(
            "sh",
            "-c",
            "cd %s && sleep 60 | openssl s_server -accept 443 -quiet -key ssl.key -cert ssl.crt -key2 ssl.key -cert2 ssl.crt -servername hub.example -servername_fatal"
                .formatted(pair.folder()))
        .start(heard);
    Lab.await(
        "s_server listens",
        Duration.ofSeconds(5),
        () -> !pair.server.run("ss", "-Hltn", "sport = :443").isBlank());

    pair.client
        .etherws(
            "client",
            "--foreground",
            "--debug",
            "--uri",
            URI,
            "--cacerts",
            pair.file("ssl.crt"),
            "--host",
            "hub.example:8443",
            "--header",
            "X-Site: north",
            "--header-file",
            pair.file("headers"))
        .start(pair.lab.file("client.log"));

    Lab.await("the request", Duration.ofSeconds(20), () -> read(heard).contains("\r\n\r\n"));
    assertThat(read(heard).lines())
        .contains("host: hub.example:8443", "X-Site: north", "Cookie: session=secret");
    assertThat(pair.read("client.log")).doesNotContain("secret");
  }

  @Test
  void whatTheHandshakeOwnsIsNotForTheCommandLine() {
    for (String header : new String[] {"Host: x", "Sec-WebSocket-Key: x", "X: a\r\nY: b"}) {
      Command.Result result = pair.clientCommand("--uri", URI, "--header", header).run();
      assertThat(result.status()).as(header).isEqualTo(2);
      assertThat(result.errors().lines()).hasSize(2);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (java.io.IOException e) {
      return "";
    }
  }
}
