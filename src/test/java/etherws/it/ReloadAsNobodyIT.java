package etherws.it;

import static etherws.testing.Pair.SERVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import etherws.testing.Certificates;
import etherws.testing.Command;
import etherws.testing.Host;
import etherws.testing.Lab;
import etherws.testing.Pair;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Settings change while the node is nobody, who may do less than root could at the start. */
class ReloadAsNobodyIT {
  private Pair pair;

  @BeforeEach
  void open() throws Exception {
    assumeTrue(
        Command.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "true")
                .run()
                .status()
            == 0,
        "needs root that can become nobody");
    pair = Pair.open();
    Files.setPosixFilePermissions(pair.folder(), PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @AfterEach
  void close() throws Exception {
    if (pair != null) {
      pair.close();
    }
  }

  @Test
  void aReloadThatNeedsPrivilegesIsRefusedBeforeAnythingIsClosed() throws Exception {
    String settings =
        """
        run-as = "nobody"
        [control]
        socket = "hub.sock"
        [[listen]]
        port = 80
        [network.lab]
        path = "/"
        [[network.lab.tap]]
        device = "ethws0"
        """;
    Path file = pair.lab.write("hub.toml", settings);
    pair.server.etherws("run", file + "", "--log-file", pair.file("server.log")).succeed();
    pair.server.run("ip", "addr", "add", Pair.SERVER_TAP + "/24", "dev", "ethws0");
    pair.startClient("--uri", "ws://" + SERVER + "/");

    Files.writeString(file, settings.replace("ethws0", "ethws1"));
    Command.Result device = reload(pair.server).run();
    assertThat(device.status()).isEqualTo(75);
    assertThat(device.errors()).contains("nobody may not open device ethws1; restart etherws");
    Files.writeString(file, settings.replace("port = 80", "port = 81"));
    assertThat(reload(pair.server).run().errors())
        .contains("nobody may not open port 81; restart etherws");
    Files.writeString(file, settings.replace("port = 80", "port = 80\n[[listen]]\nport = 8080"));
    reload(pair.server).succeed();

    assertThat(pair.pings()).isTrue();
    assertThat(pair.server.run("ss", "-Hltn")).contains(":80 ").contains(":8080 ");
  }

  @Test
  void aReloadKeepsTheSecretsThatOnlyRootCanRead() throws Exception {
    Certificates.make(pair.folder(), "EC SEC1", "IP:" + SERVER);
    Command.of("htpasswd", "-cbB", pair.file("users"), "alice", "secret").succeed();
    startSecureServer();
    for (String file : List.of("ssl.crt", "password", "headers", "other")) {
      Path path = pair.lab.file(file);
      if (!Files.exists(path)) {
        Files.writeString(path, file.equals("headers") ? "X-Token: t\n" : "secret\n");
      }
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    }
    String settings =
        """
        run-as = "nobody"
        [control]
        socket = "hub.sock"
        [network.lab]
        [[network.lab.tap]]
        device = "ethws0"
        [[network.lab.uplink]]
        uri = "wss://%s/"
        cacerts = "ssl.crt"
        user = "alice"
        password-file = "password"
        header-file = "headers"
        """
            .formatted(SERVER);
    Path file = pair.lab.write("node.toml", settings);
    pair.client.etherws("run", file + "", "--log-file", pair.file("client.log")).succeed();
    pair.addressClient();

    Files.writeString(file, settings + "[network.more]\n");
    reload(pair.client).succeed();
    assertThat(pair.read("client.log"))
        .contains("password may not be read any more, what it said before stays")
        .contains("headers may not be read any more")
        .doesNotContain("link lost");
    Files.writeString(file, settings.replace("\"password\"", "\"other\""));
    Command.Result refused = reload(pair.client).run();
    assertThat(refused.status()).isEqualTo(75);
    assertThat(refused.errors().lines())
        .singleElement()
        .asString()
        .contains("password-file: permission denied: " + pair.file("other"));

    pair.stop("server");
    startSecureServer();
    Lab.await("the old password leads in again", Duration.ofSeconds(20), pair::pings);
  }

  private void startSecureServer() {
    pair.startServer(
        "--htpasswd",
        pair.file("users"),
        "--certfile",
        pair.file("ssl.crt"),
        "--keyfile",
        pair.file("ssl.key"));
  }

  private Command reload(Host host) {
    return host.etherws("reload", "--socket", pair.file("hub.sock"));
  }
}
