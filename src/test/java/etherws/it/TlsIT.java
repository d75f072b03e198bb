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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The manual's chapter on TLS, and every way in which a certificate can be wrong. */
class TlsIT {
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

  @ParameterizedTest
  @ValueSource(strings = {"RSA PKCS#1", "RSA PKCS#8", "EC SEC1"})
  void aTunnelOverTlsWithEveryFormOfKey(String form) {
    Certificates.make(pair.folder(), form, "IP:" + SERVER);
    pair.startServer("--keyfile", pair.file("ssl.key"), "--certfile", pair.file("ssl.crt"));

    pair.startClient("--uri", "wss://" + SERVER + "/", "--cacerts", pair.file("ssl.crt"));

    assertThat(pair.pings()).isTrue();
    Command.Result check =
        pair.client
            .command(
                "openssl",
                "s_client",
                "-connect",
                SERVER + ":443",
                "-CAfile",
                pair.file("ssl.crt"),
                "-verify_ip",
                SERVER,
                "-verify_return_error")
            .run();
    assertThat(check.output()).contains("TLSv1.3").contains("Verify return code: 0 (ok)");
  }

  @Test
  void anEncryptedKeyOpensWithItsPassphraseFile() throws Exception {
    Certificates.make(pair.folder(), "RSA PKCS#8", "IP:" + SERVER);
    pair.lab.write("pass", "open sesame\n");
    Certificates.openssl(
        "pkcs8",
        "-topk8",
        "-in",
        pair.file("ssl.key"),
        "-out",
        pair.file("locked.key"),
        "-passout",
        "file:" + pair.file("pass"));

    pair.startServer(
        "--keyfile",
        pair.file("locked.key"),
        "--certfile",
        pair.file("ssl.crt"),
        "--keypass-file",
        pair.file("pass"));
    pair.startClient("--uri", "wss://" + SERVER + "/", "--cacerts", pair.file("ssl.crt"));

    assertThat(pair.pings()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "wrong CA        | IP:10.9.0.1            | 30 | other.crt",
        "wrong host      | DNS:hub.example        | 30 | ssl.crt",
        "expired         | IP:10.9.0.1            | -1 | ssl.crt",
        "self-signed     | IP:10.9.0.1            | 30 | system"
      })
  void aWrongCertificateEndsTheClientBeforeItSendsItsPassword(
      String what, String names, String days, String trusted) throws Exception {
    Certificates.make(pair.folder(), "EC SEC1", names);
    if (days.startsWith("-")) {
      expired(names);
    }
    Certificates.openssl(
        "ecparam", "-name", "prime256v1", "-genkey", "-out", pair.file("other.key"));
    Certificates.sign(pair.folder(), "other", "IP:192.0.2.99", "30");
    // A TLS server that prints what it decrypts: an Authorization header would be seen.
    Path heard = pair.lab.file("heard");
    Process listener =
        pair.server
            .command(
                "openssl",
                "s_server",
                "-accept",
                "443",
                "-key",
                pair.file("ssl.key"),
                "-cert",
                pair.file("ssl.crt"),
                "-quiet")
            .start(heard);
    try {
      Lab.await(
          "s_server listens",
          Duration.ofSeconds(5),
          () -> !pair.server.run("ss", "-Hltn", "sport = :443").isBlank());
      String[] trust =
          trusted.equals("system")
              ? new String[] {}
              : new String[] {"--cacerts", pair.file(trusted)};
      Command.Result result = refused(trust);

      assertThat(result.status()).as(what).isEqualTo(78);
      assertThat(result.errors().strip()).as(what).startsWith("etherws: ").doesNotContain("\n");
      assertThat(Files.readString(heard)).doesNotContain("Authorization").doesNotContain("GET");
      assertThat(pair.client.command("ip", "link", "show", "ethws0").run().status()).isNotZero();
    } finally {
      listener.destroyForcibly();
    }
  }

  private Command.Result refused(String... trust) {
    String[] options = new String[4 + trust.length];
    options[0] = "--uri";
    options[1] = "wss://alice:secret@" + SERVER + "/";
    options[2] = "--mtu";
    options[3] = "1500";
    System.arraycopy(trust, 0, options, 4, trust.length);
    return pair.clientCommand(options).run();
  }

  /** {@code openssl x509} can date a certificate back by ending it at once. */
  private void expired(String names) throws Exception {
    pair.lab.write("ext", "subjectAltName=" + names + "\n");
    Certificates.openssl(
        "req",
        "-new",
        "-key",
        pair.file("ssl.key"),
        "-subj",
        "/CN=etherws test",
        "-out",
        pair.file("ssl.csr"));
    Certificates.openssl(
        "x509",
        "-req",
        "-in",
        pair.file("ssl.csr"),
        "-signkey",
        pair.file("ssl.key"),
        "-days",
        "-1",
        "-extfile",
        pair.file("ext"),
        "-out",
        pair.file("ssl.crt"));
  }

  @Test
  void insecureConnectsToAnybodyAndWarns() {
    Certificates.make(pair.folder(), "EC SEC1", "DNS:somebody.else");
    pair.startServer("--keyfile", pair.file("ssl.key"), "--certfile", pair.file("ssl.crt"));

    Command.Result result =
        pair.clientCommand("--uri", "wss://" + SERVER + "/", "--insecure").run();

    assertThat(result.status()).as(result.errors()).isZero();
    assertThat(result.errors()).contains("not verified");
    pair.addressClient();
    assertThat(pair.pings()).isTrue();
  }

  @Test
  void ipv6LiteralsWorkOverTls() {
    Certificates.make(pair.folder(), "EC SEC1", "IP:fd00:9::1");
    pair.startServer(
        "--keyfile",
        pair.file("ssl.key"),
        "--certfile",
        pair.file("ssl.crt"),
        "--address",
        "fd00:9::1");

    pair.startClient("--uri", "wss://[fd00:9::1]/", "--cacerts", pair.file("ssl.crt"));

    assertThat(pair.pings()).isTrue();
  }

  @Test
  void aNewCertificateIsServedAfterSighupAndABrokenOneIsNot() throws Exception {
    Certificates.make(pair.folder(), "EC SEC1", "IP:" + SERVER);
    pair.startServer("--keyfile", pair.file("ssl.key"), "--certfile", pair.file("ssl.crt"));
    String first = pair.read("ssl.crt");
    Certificates.sign(pair.folder(), "ssl", "IP:" + SERVER + ",DNS:second.example", "30");
    String second = pair.read("ssl.crt");
    assertThat(second).isNotEqualTo(first);

    hangUp();
    Lab.await(
        "the second certificate", Duration.ofSeconds(5), () -> served().contains(body(second)));

    pair.lab.write("ssl.crt", "nonsense");
    hangUp();
    Lab.await(
        "the complaint",
        Duration.ofSeconds(5),
        () -> log().contains("certificate not replaced, the old one stays"));
    assertThat(served()).contains(body(second));
  }

  private void hangUp() throws Exception {
    Command.of("kill", "-HUP", String.valueOf(pair.process("server").pid())).succeed();
  }

  private String log() {
    try {
      return pair.read("server.log");
    } catch (java.io.IOException e) {
      return "";
    }
  }

  private String served() {
    return pair.client
        .command("openssl", "s_client", "-connect", SERVER + ":443", "-showcerts")
        .run()
        .output();
  }

  private static String body(String pem) {
    return pem.lines().skip(1).findFirst().orElseThrow();
  }
}
