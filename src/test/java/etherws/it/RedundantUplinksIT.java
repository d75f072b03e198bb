package etherws.it;

import static org.assertj.core.api.Assertions.assertThat;

import etherws.testing.Figure;
import etherws.testing.Host;
import etherws.testing.Lab;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A client with two ways to one network: one carries its frames, whichever is cut.
 *
 * <pre>
 *                     u1 10.9.1.0 ------- hub, 198.51.100.1
 *   198.51.100.9 client                    | u3 10.9.3.0, in some tests
 *                     u2 10.9.2.0 ------- second hub, or the first once more
 * </pre>
 */
class RedundantUplinksIT {
  private static final String HUB = "198.51.100.1";
  private static final String CLIENT = "198.51.100.9";
  private static final int BROADCASTS = 1_000;

  /** What else passes meanwhile: probes, neighbour discovery. */
  private static final int OTHERS = 100;

  private static final Duration TAKEN_OVER = Duration.ofSeconds(10);

  private static final String SEND =
      """
      import socket, sys, time
      out = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
      out.bind(("ethws0", 0))
      for n in range(int(sys.argv[1])):
          out.send(b"\\xff" * 6 + out.getsockname()[4] + b"\\x88\\xb5" + n.to_bytes(46, "big"))
          time.sleep(0.0005)
      """;

  private Lab lab;
  private Host client;
  private Host hub;
  private Host second;

  @BeforeEach
  void build() throws Exception {
    lab = Lab.open();
    lab.write("send.py", SEND);
    client = lab.host("c");
    hub = lab.host("s");
    cable(hub, 1, client);
  }

  private void cable(Host to, int n, Host from) {
    lab.cable(to, "u" + n, from, "u" + n);
    to.run("ip", "addr", "add", "10.9." + n + ".1/24", "dev", "u" + n);
    from.run("ip", "addr", "add", "10.9." + n + ".2/24", "dev", "u" + n);
  }

  @AfterEach
  void close() throws Exception {
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  void aGroupOfUplinksToOneHub() throws Exception {
    cable(hub, 2, client);
    start(hub, "hub", HUB);
    start(client, "client", CLIENT, uplink(1, "group = 1"), uplink(2, "group = 1"));

    assertOneCarriesWhicheverIsCut("one hub");
  }

  @Test
  void aGroupOfUplinksToTwoHubsThatAreConnected() throws Exception {
    second = lab.host("t");
    cable(hub, 3, second);
    cable(second, 2, client);
    start(hub, "hub", HUB);
    start(second, "second", "198.51.100.2", uplink(3, ""));
    start(client, "client", CLIENT, uplink(1, "group = 1"), uplink(2, "group = 1"));

    assertOneCarriesWhicheverIsCut("two hubs");
    assertThat(client.pings("198.51.100.2", 5)).isTrue();
  }

  private void assertOneCarriesWhicheverIsCut(String what) {
    Lab.await("they meet", Duration.ofSeconds(5), () -> client.reaches(HUB));
    assertOnce(hub, client);
    assertOnce(client, hub);

    for (int cut = 1; cut <= 2; cut++) {
      client.run("ip", "link", "set", "u" + cut, "down");
      long since = System.nanoTime();
      Lab.await("the other carries", TAKEN_OVER, () -> hub.reaches(CLIENT));
      Duration gap = Duration.ofNanos(System.nanoTime() - since);
      Figure.print(
          "RedundantUplinksIT " + what,
          "uplink %d cut: pinged again after %.1f s (at most %d)",
          cut,
          gap.toMillis() / 1e3,
          TAKEN_OVER.toSeconds());
      client.run("ip", "link", "set", "u" + cut, "up");
      int returned = cut;
      Lab.await("it waits", Duration.ofSeconds(30), () -> isStandby(returned));
      assertThat(client.pings(HUB, 100)).isTrue();
    }
    assertOnce(hub, client);
  }

  /** Each frame that one floods comes to the other once. */
  private void assertOnce(Host from, Host to) {
    long before = to.statistic("ethws0", "rx_packets");
    from.run("/usr/bin/python3", lab.file("send.py").toString(), "" + BROADCASTS);
    Lab.await("all are there", Duration.ofSeconds(5), () -> received(to, before) >= BROADCASTS);
    assertThat(received(to, before)).isLessThan(BROADCASTS + OTHERS);
  }

  private static long received(Host host, long before) {
    return host.statistic("ethws0", "rx_packets") - before;
  }

  @Test
  void withoutAGroupOneOfTwoLoopGuardsShutsOneOfTwoTunnels() throws Exception {
    cable(hub, 2, client);
    start(hub, "hub", HUB);
    start(client, "client", CLIENT, uplink(1, ""), uplink(2, ""));

    Lab.await("the loop is shut", Duration.ofSeconds(10), () -> ask(hub, "hub").contains("loop"));
    Lab.await("they meet", Duration.ofSeconds(10), () -> client.reaches(HUB));
    for (int round = 0; round < 3; round++) {
      assertThat(client.pings(HUB, 50)).isTrue();
    }
    assertThat(ask(client, "client")).as("it has left that to the hub").doesNotContain("loop");
    assertOnce(client, hub);
  }

  private boolean isStandby(int uplink) {
    return ask(client, "client")
        .lines()
        .anyMatch(line -> line.contains("10.9." + uplink + ".1") && line.contains("standby"));
  }

  private String ask(Host host, String name) {
    return host.etherws("ports", "--socket", lab.file(name + ".sock").toString()).succeed();
  }

  private static String uplink(int n, String policy) {
    return """
    [[network.lab.uplink]]
    uri = "ws://10.9.%d.1/lab"
    %s
    """
        .formatted(n, policy);
  }

  private void start(Host host, String name, String address, String... uplinks) throws IOException {
    String config =
        """
        log-file = "%1$s.log"
        control.socket = "%1$s.sock"
        [[listen]]
        port = 80
        [network.lab]
        tap = [{ address = "%2$s/24" }]
        """
            .formatted(name, address);
    String all = Stream.of(uplinks).reduce(config, String::concat);
    host.etherws("run", lab.write(name + ".toml", all).toString()).succeed();
  }
}
