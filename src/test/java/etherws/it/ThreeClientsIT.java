package etherws.it;

import static org.assertj.core.api.Assertions.assertThat;

import etherws.testing.Host;
import etherws.testing.Lab;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * A hub is a bridge, not a hub.
 *
 * <pre>
 *   client a 198.51.100.11 --+
 *   client b 198.51.100.12 --+-- server      each on a cable 10.9.N.0/24
 *   client c 198.51.100.13 --+
 * </pre>
 */
@TestInstance(Lifecycle.PER_CLASS)
class ThreeClientsIT {
  private Lab lab;
  private Host server;
  private final List<Host> clients = new ArrayList<>();

  @BeforeAll
  void connectThree() throws Exception {
    lab = Lab.open();
    server = lab.host("s");
    server.etherws("server", "--log-file", lab.file("s.log").toString()).succeed();
    for (int n = 1; n <= 3; n++) {
      Host client = lab.host("c" + n);
      lab.cable(server, "u" + n, client, "u0");
      server.run("ip", "addr", "add", "10.9." + n + ".1/24", "dev", "u" + n);
      client.run("ip", "addr", "add", "10.9." + n + ".2/24", "dev", "u0");
      client.etherws("client", "--uri", "ws://10.9." + n + ".1/").succeed();
      client.run("sysctl", "-qw", "net.ipv6.conf.ethws0.disable_ipv6=1");
      client.run("ip", "addr", "add", "198.51.100.1" + n + "/24", "dev", "ethws0");
      clients.add(client);
    }
  }

  @AfterAll
  void close() throws Exception {
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  void unicastStaysBetweenTheTwoOnceLearned() {
    assertThat(clients.get(0).reaches("198.51.100.12")).isTrue();
    long before = clients.get(2).statistic("ethws0", "rx_packets");
    long atServer = server.statistic("ethws0", "rx_packets");

    assertThat(clients.get(0).pings("198.51.100.12", 200)).isTrue();

    assertThat(clients.get(2).statistic("ethws0", "rx_packets") - before)
        .as("frames seen by the third; an ARP request or two may be among them")
        .isLessThan(10);
    assertThat(server.statistic("ethws0", "rx_packets") - atServer).isLessThan(100);
  }

  @Test
  void broadcastsReachEverybody() {
    long b = clients.get(1).statistic("ethws0", "rx_packets");
    long c = clients.get(2).statistic("ethws0", "rx_packets");

    clients
        .get(0)
        .command("ping", "-b", "-n", "-q", "-c", "50", "-i", "0.01", "-W", "1", "198.51.100.255")
        .run();

    assertThat(clients.get(1).statistic("ethws0", "rx_packets") - b).isGreaterThanOrEqualTo(50);
    assertThat(clients.get(2).statistic("ethws0", "rx_packets") - c).isGreaterThanOrEqualTo(50);
  }

  @Test
  void allOfThemAreReachableFromEachOther() {
    for (Host from : clients) {
      for (int n = 1; n <= 3; n++) {
        assertThat(from.pings("198.51.100.1" + n, 2)).isTrue();
      }
    }
  }
}
