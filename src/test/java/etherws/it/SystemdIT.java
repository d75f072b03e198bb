package etherws.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import etherws.testing.Certificates;
import etherws.testing.Command;
import etherws.testing.Host;
import etherws.testing.Lab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The units in {@code systemd/}, run by a systemd of their own. */
class SystemdIT {
  private static final Duration SOON = Duration.ofSeconds(15);
  private static final int NOT_HERE = 75;
  private static final Path BOOT = Path.of("src/test/resources/systemd/boot.sh");
  private static final String SERVER = "etherws-server";
  private static final String CLIENT = "etherws-client@one";
  private static final String RUN = "etherws-run@lab";

  private Lab lab;
  private Process machine;

  @BeforeEach
  void boot() throws Exception {
    lab = Lab.open();
    assumeTrue(Files.isExecutable(Path.of("/lib/systemd/systemd")), "needs systemd");
    Command.of(Host.ETHERWS, "--version").succeed(); // builds what is to be installed
    files(Files.createDirectories(lab.file("etc/client")));
    Path log = lab.file("boot.log");
    machine =
        Command.of(
                "unshare",
                "-fpmuinC",
                "--mount-proc",
                "--kill-child",
                BOOT.toString(),
                lab.file("").toString(),
                System.getProperty("java.home"))
            .start(log);
    Lab.await(
        "systemd is up",
        SOON,
        () -> !machine.isAlive() || inside("systemctl", "is-system-running").status() == 0);
    assumeTrue(
        machine.isAlive() || machine.exitValue() != NOT_HERE,
        () -> "this kernel or container lets no systemd have its mounts");
    assertThat(machine.isAlive()).as(Files.readString(log)).isTrue();
  }

  private void files(Path client) throws IOException {
    Path etc = lab.file("etc");
    Certificates.make(etc, "EC SEC1", "IP:127.0.0.1");
    Files.move(etc.resolve("ssl.key"), etc.resolve("key.pem"));
    Files.move(etc.resolve("ssl.crt"), etc.resolve("cert.pem"));
    Files.writeString(etc.resolve("htpasswd"), "alice:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\n");
    Files.writeString(etc.resolve("server.env"), "OPTIONS=--port 8443 --device hub0\n");
    Files.writeString(client.resolve("one.passwd"), "secret\n");
    Files.writeString(
        client.resolve("one.env"),
        """
        URI=wss://127.0.0.1:8443/
        OPTIONS=--user alice --cacerts /etc/etherws/cert.pem --device spoke0
        """);
    Files.writeString(
        etc.resolve("lab.toml"),
        """
        [[listen]]
        address = "127.0.0.1"
        port = 9443
        [network.lab]
        [[network.lab.tap]]
        device = "lab0"
        """);
    // Keys, passwords and their hashes are for root alone to read.
    for (String secret : List.of("key.pem", "htpasswd", "client/one.passwd")) {
      Command.of("chmod", "600", etc.resolve(secret).toString()).succeed();
    }
  }

  @AfterEach
  void stop() throws Exception {
    if (machine != null) {
      machine.descendants().forEach(ProcessHandle::destroyForcibly);
      machine.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
    lab.close();
  }

  @Test
  void theUnitsDoWhatTheySay() throws Exception {
    systemctl("start", SERVER, CLIENT, RUN);

    assertThat(property(RUN, "StatusText")).isEqualTo("networks: lab");
    awaitClient();
    for (String unit : List.of(SERVER, CLIENT, RUN)) {
      assertThat(inside("cat", "/proc/" + property(unit, "MainPID") + "/status").output())
          .as(unit)
          .containsPattern("CapEff:\\s0+\n")
          .containsPattern("CapPrm:\\s0+\n")
          .containsPattern("NoNewPrivs:\\s1\n")
          .doesNotContainPattern("Uid:\\s0");
    }
    framesCross();

    systemctl("reload", SERVER);
    Lab.await(
        "the settings are read again", SOON, () -> journal(SERVER).contains("were read again"));

    inside("systemctl", "kill", "--signal=KILL", SERVER);
    Lab.await("it is started again", SOON, () -> property(SERVER, "NRestarts").equals("1"));
    awaitClient();

    inside("systemctl", "kill", "--signal=STOP", "--kill-whom=main", SERVER);
    Lab.await("it is found dead", SOON, () -> property(SERVER, "NRestarts").equals("2"));
    awaitClient();

    systemctl("stop", SERVER, CLIENT, RUN);
    for (String unit : List.of(SERVER, CLIENT, RUN)) {
      assertThat(property(unit, "Result")).as(journal(unit)).isEqualTo("success");
    }
    assertThat(inside("ls", "/run/etherws").output()).isEmpty();
    assertThat(inside("ip", "-br", "link").output()).doesNotContain("hub0", "spoke0", "lab0");
  }

  /**
   * The client's device goes to a network namespace of its own, or its host would answer itself.
   */
  private void framesCross() {
    assertThat(inside("ip", "netns", "add", "far").status()).isZero();
    for (String line :
        List.of(
            "ip link set spoke0 netns far",
            "ip -n far addr add 198.51.100.2/24 dev spoke0",
            "ip -n far link set spoke0 up",
            "ip addr add 198.51.100.1/24 dev hub0",
            "ip link set hub0 up")) {
      assertThat(inside(line.split(" ")).status()).as(line).isZero();
    }
    Lab.await(
        "frames cross",
        SOON,
        () ->
            inside("ip", "netns", "exec", "far", "ping", "-c1", "-W1", "198.51.100.1").status()
                == 0);
  }

  private void awaitClient() {
    Lab.await(
        "the client is in",
        SOON,
        () ->
            inside("etherws", "ports", "--name", "server-" + property(SERVER, "MainPID"))
                .output()
                .contains("alice@127.0.0.1"));
  }

  private void systemctl(String verb, String... units) {
    List<String> words = new ArrayList<>(List.of("systemctl", verb));
    words.addAll(List.of(units));
    Command.Result result = inside(words.toArray(String[]::new));
    assertThat(result.status())
        .as(() ->
            result.errors()
                + String.join("\n", List.of(units).stream().map(this::journal).toList()))
        .isZero();
  }

  private String property(String unit, String name) {
    return inside("systemctl", "show", "--value", "--property", name, unit).output().strip();
  }

  private String journal(String unit) {
    return inside("journalctl", "--no-pager", "--unit", unit).output();
  }

  /** Runs a command beside that systemd. */
  private Command.Result inside(String... words) {
    String first =
        machine.children().map(ProcessHandle::pid).map(String::valueOf).findFirst().orElse("none");
    List<String> all = new ArrayList<>(List.of("nsenter", "-t", first, "-a"));
    all.addAll(List.of(words));
    return Command.of(all.toArray(String[]::new)).run();
  }
}
