package etherws.it;

import static org.assertj.core.api.Assertions.assertThat;

import etherws.testing.Command;
import etherws.testing.Figure;
import etherws.testing.Host;
import etherws.testing.Lab;
import etherws.testing.Pair;
import etherws.testing.Usage;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Others do to our TAPs what they like: of a file's node, with all that a file can say of a TAP,
 * and of a client.
 *
 * <pre>
 *   br0 -- lab0 [server] u0 ------- u0 [client] ethws0
 * </pre>
 */
class TapLostIT {
  private static final String OWN = "203.0.113.1";
  private static final String MAC = "02:00:5e:10:00:01";

  private Pair pair;

  @BeforeEach
  void tunnelUp() throws Exception {
    pair = Pair.open();
    pair.server.run("ip", "link", "add", "br0", "type", "bridge");
    pair.server.run("ip", "link", "set", "br0", "up");
    pair.lab.write(
        "hub.toml",
        """
        [[listen]]
        port = 80
        [network.lab]
        path = "/"
        [[network.lab.tap]]
        device = "lab0"
        bridge = "br0"
        mtu = 1400
        mac = "%s"
        address = "%s/24"
        up = ["/bin/sh", "-c", "echo $ETHERWS_EVENT $ETHERWS_DEVICE >>%s"]
        """
            .formatted(MAC, OWN, pair.file("hooks")));
    pair.server
        .etherws(
            "run",
            pair.file("hub.toml"),
            "--log-file",
            pair.file("server.log"),
            "--pid-file",
            pair.file("server.pid"))
        .succeed();
    pair.server.run("ip", "addr", "add", Pair.SERVER_TAP + "/24", "dev", "br0");
    pair.startClient("--uri", "ws://" + Pair.SERVER + "/");
    assertThat(pair.pings()).isTrue();
  }

  @AfterEach
  void close() throws Exception {
    if (pair != null) {
      pair.close();
    }
  }

  @Test
  void aDeviceThatIsDeletedIsMadeAgainAsItWas() throws Exception {
    double server = lost(pair.server, "lab0");
    assertThat(device(pair.server, "lab0")).contains("master br0", "mtu 1400", MAC, "LOWER_UP");
    assertThat(pair.server.run("ip", "-4", "addr", "show", "lab0")).contains(OWN);
    Lab.await(
        "the hook ran again",
        Duration.ofSeconds(5),
        () -> Command.of("cat", pair.file("hooks")).run().output().lines().count() == 2);
    assertThat(pair.pings()).isTrue();

    String before = mac(pair.client, "ethws0");
    double client = lost(pair.client, "ethws0");
    assertThat(mac(pair.client, "ethws0")).isEqualTo(before);
    pair.addressClient(); // given by hand, and so again
    assertThat(pair.pings()).isTrue();

    Usage usage = new Usage(pair.process("server"));
    double cpu = usage.cpuDuring(Duration.ofSeconds(2));
    Figure.print(
        "TAP deleted",
        "made again after %.2f s on the server, %.2f s on the client (at most 5); CPU after it %.2f s"
            + " of 2 s",
        server,
        client,
        cpu);
    assertThat(cpu).isLessThan(0.5);
  }

  @Test
  void aDeviceThatIsTakenDownOrElsewhereCostsNothingAndStaysOurs() throws Exception {
    Usage usage = new Usage(pair.process("client"));
    pair.client.run("ip", "link", "set", "ethws0", "down");
    pair.server.command("ping", "-c", "9", "-i", "0.1", "-b", "198.51.100.255").run();
    double cpu = usage.cpuDuring(Duration.ofSeconds(2));
    pair.client.run("ip", "link", "set", "ethws0", "up");
    assertThat(pair.pings()).isTrue();

    Host station = pair.lab.host("vm");
    pair.client.run("ip", "link", "set", "ethws0", "netns", station.name());
    station.run("ip", "link", "set", "ethws0", "up");
    station.run("ip", "addr", "add", Pair.CLIENT_TAP + "/24", "dev", "ethws0");
    assertThat(station.pings(Pair.SERVER_TAP, 5)).isTrue();

    Figure.print("TAP down", "CPU %.2f s of 2 s, and it carries again once it is up", cpu);
    assertThat(cpu).isLessThan(0.5);
    assertThat(pair.read("client.log")).doesNotContain("is gone");
  }

  @Test
  void aDeviceThatCannotBeMadeAgainEndsTheNodeWithOneLine() throws Exception {
    ProcessHandle server = pair.process("server");
    long start = System.nanoTime();
    pair.server.run("ip", "link", "del", "br0");
    pair.server.run("ip", "link", "del", "lab0");

    Lab.await("the node ends", Duration.ofSeconds(6), () -> !server.isAlive());
    Figure.print(
        "TAP deleted with its bridge",
        "the node ends after %.2f s (at most 5)",
        (System.nanoTime() - start) / 1e9);
    assertThat(pair.read("server.log").lines().filter(line -> line.contains("ERROR")))
        .singleElement()
        .asString()
        .contains("lab0 is gone and can't be made again", "create the bridge first");
  }

  /** Seconds from the deletion until a device of that name is up. */
  private static double lost(Host host, String device) {
    long start = System.nanoTime();
    host.run("ip", "link", "del", device);
    Lab.await(
        device + " is up again",
        Duration.ofSeconds(5),
        () ->
            host.command("ip", "link", "show", "up", "dev", device).run().output().contains("UP"));
    return (System.nanoTime() - start) / 1e9;
  }

  private static String device(Host host, String device) {
    return host.run("ip", "link", "show", device);
  }

  private static String mac(Host host, String device) throws IOException {
    return host.run("cat", "/sys/class/net/" + device + "/address");
  }
}
