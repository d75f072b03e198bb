package etherws.it;

import static etherws.testing.Pair.SERVER;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.testing.Certificates;
import etherws.testing.Command;
import etherws.testing.Figure;
import etherws.testing.Host;
import etherws.testing.Lab;
import etherws.testing.Pair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every secret that one can give, and all places where somebody else could come to see it. */
class SecretsIT {
  private static final String URI = "wss://" + SERVER + "/";
  private static final String ALICE = "secret-of-alice-in-a-file";
  private static final String BOB = "secret-of-bob-in-a-uri";
  private static final String CAROL = "secret-of-carol-over-ctl";
  private static final String WRONG = "secret-that-is-wrong";
  private static final String KEY = "secret-of-the-key";
  private static final String TOKEN = "secret-of-the-metrics";
  private static final List<String> SECRETS =
      List.of(
          ALICE,
          BOB,
          CAROL,
          WRONG,
          KEY,
          TOKEN,
          basic("alice", ALICE),
          basic("bob", BOB),
          basic("carol", CAROL));

  private Pair pair;

  @BeforeEach
  void open() throws Exception {
    pair = Pair.open();
    Certificates.openssl(
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-passout",
        "pass:" + KEY,
        "-days",
        "3",
        "-keyout",
        pair.file("ssl.key"),
        "-out",
        pair.file("ssl.crt"),
        "-subj",
        "/CN=x",
        "-addext",
        "subjectAltName=IP:" + SERVER);
    pair.lab.write("key.pass", KEY + "\n");
    pair.lab.write("alice.pass", ALICE + "\n");
    pair.lab.write("wrong.pass", WRONG + "\n");
    pair.lab.write("token", TOKEN + "\n");
    Command.of("htpasswd", "-c", "-b", "-5", pair.file("users"), "alice", ALICE).succeed();
    Command.of("htpasswd", "-b", "-5", pair.file("users"), "bob", BOB).succeed();
    Command.of("htpasswd", "-b", "-5", pair.file("users"), "carol", CAROL).succeed();
  }

  @AfterEach
  void close() throws Exception {
    if (pair != null) {
      pair.close();
    }
  }

  @Test
  void nobodySeesASecret() throws Exception {
    List<String> seen = new ArrayList<>();
    pair.startServer(
        "--debug",
        "--keyfile",
        pair.file("ssl.key"),
        "--certfile",
        pair.file("ssl.crt"),
        "--keypass-file",
        pair.file("key.pass"),
        "--htpasswd",
        pair.file("users"));
    pair.startClient(
        "--debug",
        "--uri",
        URI,
        "--cacerts",
        pair.file("ssl.crt"),
        "--user",
        "alice",
        "--passwd-file",
        pair.file("alice.pass"));
    pair.client
        .etherws(
            "--device",
            "uri0",
            "client",
            "--debug",
            "--log-file",
            pair.file("uri.log"),
            "--uri",
            URI.replace("//", "//bob:" + BOB + "@"),
            "--cacerts",
            pair.file("ssl.crt"))
        .succeed();
    startFileAndOldSwitch(seen);

    Command.Result wrong =
        pair.client
            .etherws(
                "client",
                "--debug",
                "--uri",
                URI,
                "--cacerts",
                pair.file("ssl.crt"),
                "--user",
                "alice",
                "--passwd-file",
                pair.file("wrong.pass"))
            .run();
    assertThat(wrong.status()).isEqualTo(77);
    seen.add(wrong.errors());

    int processes = 0;
    for (Host host : List.of(pair.server, pair.client)) {
      for (long pid : host.processes()) {
        processes++;
        seen.add(Files.readString(Path.of("/proc/" + pid + "/cmdline"), ISO_8859_1));
        seen.add(Files.readString(Path.of("/proc/" + pid + "/environ"), ISO_8859_1));
      }
    }
    assertThat(processes).isEqualTo(5);
    for (String log : List.of("server.log", "client.log", "uri.log", "file.log", "sw.log")) {
      assertThat(pair.read(log)).as(log).isNotEmpty();
      seen.add(pair.read(log));
    }

    assertThat(seen)
        .allSatisfy(text -> assertThat(text).doesNotContain(SECRETS.toArray(String[]::new)));
    Figure.print(
        "secrets in argv, environment, logs, config show, API",
        "%d found, of %d secrets in %d places",
        0,
        SECRETS.size(),
        seen.size());
  }

  /** A node of a file, asked in every way; and the switch of 1.x, with a port that ctl adds. */
  private void startFileAndOldSwitch(List<String> seen) throws IOException {
    Path file =
        pair.lab.write(
            "file.toml",
            """
            log-level = "debug"
            [control]
            socket = "file.sock"
            metrics = "127.0.0.1:9472"
            metrics-token-file = "token"
            [network.lab]
            [[network.lab.uplink]]
            uri = "%s"
            user = "alice"
            password-file = "alice.pass"
            cacerts = "ssl.crt"
            """
                .formatted(URI));
    seen.add(
        pair.client
            .etherws("run", file.toString(), "--log-file", pair.file("file.log"))
            .run()
            .errors());
    seen.add(pair.client.etherws("config", "show", file.toString()).succeed());
    for (String what : List.of("status", "networks", "ports", "clients", "fdb", "drops")) {
      seen.add(pair.client.etherws(what, "--json", "--socket", pair.file("file.sock")).succeed());
    }
    seen.add(pair.client.run("curl", "-s", "-D", "-", "http://127.0.0.1:9472/metrics"));

    pair.client.etherws("sw", "--debug", "--log-file", pair.file("sw.log")).succeed();
    pair.client
        .etherws(
            "ctl",
            "addport",
            "client",
            URI,
            "--user",
            "carol",
            "--passwd",
            CAROL,
            "--cacerts",
            pair.file("ssl.crt"))
        .succeed();
    Lab.await(
        "carol is in",
        Duration.ofSeconds(10),
        () -> {
          String ports = pair.client.etherws("ctl", "listport").succeed();
          seen.add(ports);
          return ports.contains("wss://");
        });
  }

  private static String basic(String user, String password) {
    return Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
  }
}
