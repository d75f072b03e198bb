package etherws.it;

import static org.assertj.core.api.Assertions.assertThat;

import etherws.testing.Host;
import etherws.testing.Site;
import etherws.testing.Site.Person;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a rogue among the peers of a network tries.
 *
 * <pre>
 *   srv -- hub ===== alice, bob, mallory
 * </pre>
 */
class GuardsIT {
  private static final Person[] PEOPLE = {
    new Person("alice", "lab"), new Person("bob", "lab"), new Person("mallory", "lab")
  };

  private static final String HUB =
      """
      [network.lab]
      [network.lab.clients]
      dhcp-guard = true
      ra-guard = true
      [[network.lab.tap]]
      device = "srv"
      """;

  /** Sends a frame, given in hexadecimal, again and again, or prints those that come in. */
  private static final String FRAMES =
      """
      import socket, sys, time
      ROLE, DEVICE = sys.argv[1], sys.argv[2]
      ETH_P_ALL, OUTGOING = 3, 4
      frames = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
      frames.bind((DEVICE, ETH_P_ALL))
      if ROLE == "listen":
          print("listening", flush=True)
          while True:
              octets, sender = frames.recvfrom(1 << 16)
              if sender[2] != OUTGOING:
                  print(octets.hex(), flush=True)
      for _ in range(int(sys.argv[3])):
          frames.send(bytes.fromhex(sys.argv[4]))
          time.sleep(0.002)
      """;

  private static final String BROADCAST = "ffffffffffff";
  private static final String MARKER = "88b5" + "6d61726b" + "00".repeat(42);

  private Site site;

  @BeforeEach
  void connect() throws Exception {
    site = Site.open();
    site.lab.write("frames.py", FRAMES);
    site.accounts(PEOPLE);
    site.writeHub(HUB);
    site.startHub();
    site.dialIn(PEOPLE);
    site.station(site.hub, "srv", "198.51.100.1");
    for (int n = 0; n < PEOPLE.length; n++) {
      site.station(site.people, PEOPLE[n].name(), "198.51.100.1" + n);
    }
  }

  @AfterEach
  void close() throws Exception {
    if (site != null) {
      site.close();
    }
  }

  @Test
  void rogueServersAndRoutersReachNobody() throws Exception {
    listen("srv", "alice", "bob");

    send("mallory", 100, dhcp(BROADCAST, mac("mallory"), 67, 68));
    send("mallory", 50, dhcp(mac("alice"), mac("mallory"), 67, 68));
    send("mallory", 30, dhcpv6(mac("mallory"), 547, 546));
    send("mallory", 70, router(mac("mallory")));
    send("mallory", 1, BROADCAST + mac("mallory") + MARKER);

    for (String name : List.of("srv", "alice", "bob")) {
      awaitFrame(name, BROADCAST + mac("mallory") + MARKER);
      assertThat(heard(name, mac("mallory"))).as("heard by %s", name).hasSize(1);
    }
    assertThat(drops("mallory", "dhcp_guard")).isEqualTo(180);
    assertThat(drops("mallory", "ra_guard")).isEqualTo(70);
  }

  @Test
  void theHostsOwnServersServePeersAndPeersAskThem() throws Exception {
    listen("srv", "alice");
    List<String> toAlice =
        List.of(
            dhcp(BROADCAST, mac("srv"), 67, 68),
            dhcp(mac("alice"), mac("srv"), 67, 68),
            dhcpv6(mac("srv"), 547, 546),
            router(mac("srv")));
    List<String> toServer =
        List.of(
            dhcp(BROADCAST, mac("alice"), 68, 67),
            dhcp(mac("srv"), mac("alice"), 68, 67),
            dhcpv6(mac("alice"), 546, 547));

    toAlice.forEach(frame -> send("srv", 1, frame));
    toServer.forEach(frame -> send("alice", 1, frame));

    for (String frame : toAlice) {
      awaitFrame("alice", frame);
    }
    for (String frame : toServer) {
      awaitFrame("srv", frame);
    }
  }

  @Test
  void aStolenAddressGetsNothingWhileItsOwnerIsActive() throws Exception {
    assertThat(site.at("alice").pings("198.51.100.1", 5)).isTrue();
    listen("mallory");
    Process pings =
        site.at("alice")
            .command("ping", "-n", "-c", "60", "-i", "0.1", "-w", "30", "198.51.100.1")
            .start(site.path("alice.ping"));

    send("mallory", 500, mac("srv") + mac("alice") + MARKER);
    send("mallory", 500, BROADCAST + mac("alice") + MARKER);

    assertThat(pings.isAlive()).as("alice was active all the time").isTrue();
    assertThat(pings.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(Host.allAnswered(site.read("alice.ping"), 60)).isTrue();
    assertThat(heard("mallory", ""))
        .as("frames for alice")
        .noneMatch(frame -> frame.startsWith(mac("alice")));
    assertThat(drops("mallory", "mac_in_use")).isEqualTo(1000);
  }

  private static String dhcp(String to, String from, int source, int destination) {
    return to
        + from
        + "0800"
        + ("4500011c00004000" + "4011" + "0000" + "c6336401" + "ffffffff")
        + udp(source, destination, 256)
        + "02".repeat(256);
  }

  private static String dhcpv6(String from, int source, int destination) {
    return "333300010002"
        + from
        + ("86dd" + "60000000" + "0028" + "11" + "ff")
        + ("fe80" + "00".repeat(13) + "01")
        + ("ff02" + "00".repeat(11) + "010002")
        + udp(source, destination, 32)
        + "07".repeat(32);
  }

  private static String udp(int source, int destination, int length) {
    return "%04x%04x%04x0000".formatted(source, destination, 8 + length);
  }

  private static String router(String from) {
    return "333300000001"
        + from
        + ("86dd" + "60000000" + "0010" + "3a" + "ff")
        + ("fe80" + "00".repeat(13) + "01")
        + ("ff02" + "00".repeat(13) + "01")
        + ("86000000" + "40000708" + "00".repeat(8));
  }

  private String mac(String name) {
    return site.at(name).run("cat", "/sys/class/net/" + name + "/address").strip().replace(":", "");
  }

  private void listen(String... names) {
    for (String name : names) {
      site.at(name)
          .command("/usr/bin/python3", site.file("frames.py"), "listen", name)
          .start(site.path(name + ".frames"));
    }
    for (String name : names) {
      site.awaitLine(name + ".frames", "listening", "");
    }
  }

  private void send(String name, int count, String frame) {
    site.at(name).run("/usr/bin/python3", site.file("frames.py"), "send", name, "" + count, frame);
  }

  private void awaitFrame(String name, String frame) {
    site.awaitLine(name + ".frames", frame, "");
  }

  /** What came in there from this source; from any if it is empty. */
  private List<String> heard(String name, String source) throws IOException {
    List<String> frames = new ArrayList<>(site.read(name + ".frames").lines().toList());
    frames.removeIf(frame -> frame.equals("listening") || !frame.startsWith(source, 12));
    return frames;
  }

  /** How often frames of that person were dropped for that reason. */
  private long drops(String name, String reason) {
    String table = site.ask("drops").within(Duration.ofSeconds(30)).succeed();
    return table
        .lines()
        .map(line -> Arrays.asList(line.strip().split("\\s+")))
        .filter(words -> words.size() > 3 && words.get(1).startsWith(name + "@"))
        .filter(words -> words.get(3).equalsIgnoreCase(reason))
        .mapToLong(words -> Long.parseLong(words.get(2)))
        .sum();
  }
}
