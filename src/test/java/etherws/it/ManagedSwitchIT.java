package etherws.it;

import static org.assertj.core.api.Assertions.assertThat;

import etherws.testing.Host;
import etherws.testing.Site;
import etherws.testing.Site.Person;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * Two networks of one file, one of them with VLANs. All stations have addresses of one subnet, so
 * that nothing but the bridge is between them.
 *
 * <pre>
 *                             hub
 *   alice, bob, dave, erin -- lab: srv (VLAN 10), trunk ===== trunk of field: f10, f20, f30, native
 *   carol ------------------- office: desk
 * </pre>
 */
@TestInstance(Lifecycle.PER_CLASS)
class ManagedSwitchIT {
  private static final String HUB =
      """
      [user.alice]
      networks = ["lab"]
      pvid = 10
      [user.bob]
      networks = ["lab"]
      pvid = 20
      [user.dave]
      networks = ["lab"]
      [user.erin]
      networks = ["lab"]
      [user.carol]
      networks = ["office"]

      [network.lab]
      [network.lab.clients]
      pvid = 30
      isolated = true
      [[network.lab.tap]]
      device = "srv"
      pvid = 10
      [[network.lab.netdev]]
      device = "trunk"
      pvid = 1
      tagged = [10, 20, 30]

      [network.office]
      [[network.office.tap]]
      device = "desk"
      """;

  private static final String FIELD =
      """
      [control]
      socket = false
      [network.field]
      [[network.field.netdev]]
      device = "trunk"
      pvid = 1
      tagged = [10, 20, 30]
      [[network.field.tap]]
      device = "f10"
      pvid = 10
      [[network.field.tap]]
      device = "f20"
      pvid = 20
      [[network.field.tap]]
      device = "f30"
      pvid = 30
      [[network.field.tap]]
      device = "native"
      pvid = 1
      """;

  /** Whom each one reaches. */
  private static final Map<String, String> TABLE = new LinkedHashMap<>();

  static {
    TABLE.put("srv", "alice f10");
    TABLE.put("alice", "f10 srv");
    TABLE.put("f10", "alice srv");
    TABLE.put("bob", "f20");
    TABLE.put("f20", "bob");
    TABLE.put("dave", "f30"); // a guest, as erin is: they don't reach each other
    TABLE.put("erin", "f30");
    TABLE.put("f30", "dave erin");
    TABLE.put("native", "");
    TABLE.put("carol", "desk");
    TABLE.put("desk", "carol");
  }

  private static final Person[] PEOPLE = {
    new Person("alice", "lab"),
    new Person("bob", "lab"),
    new Person("dave", "lab"),
    new Person("erin", "lab"),
    new Person("carol", "office")
  };

  private Site site;

  @BeforeAll
  void connect() throws Exception {
    site = Site.open();
    Host field = site.lab.host("field");
    site.lab.cable(site.hub, "trunk", field, "trunk");
    site.accounts(PEOPLE);
    site.writeHub(HUB);
    site.lab.write("field.toml", FIELD);
    site.startHub();
    site.start(field, "field");
    site.dialIn(PEOPLE);
    for (String name : TABLE.keySet()) {
      site.station(homeOf(name, field), name, address(name));
    }
  }

  private Host homeOf(String name, Host field) {
    return switch (name) {
      case "srv", "desk" -> site.hub;
      case "f10", "f20", "f30", "native" -> field;
      default -> site.people;
    };
  }

  /** They are numbered as they stand in the table. */
  private static String address(String name) {
    return "198.51.100." + (1 + TABLE.keySet().stream().toList().indexOf(name));
  }

  @AfterAll
  void close() throws Exception {
    if (site != null) {
      site.close();
    }
  }

  @Test
  void whoReachesWhomIsExactlyTheTable() {
    Map<String, String> reached =
        TABLE.keySet().stream()
            .collect(Collectors.toMap(name -> name, this::reachedFrom, (a, _) -> a));

    assertThat(reached).isEqualTo(TABLE);
  }

  /** Pings all others at once. */
  private String reachedFrom(String name) {
    String pings =
        TABLE.keySet().stream()
            .filter(other -> !other.equals(name))
            .map(other ->
                "ping -nqc 4 -i 0.3 -W 1 %s >&2 && echo %s &".formatted(address(other), other))
            .collect(Collectors.joining("\n", "", "\nwait"));
    String answered = site.at(name).run("sh", "-c", pings);
    return String.join(" ", new TreeSet<>(answered.lines().toList()));
  }

  @Test
  void broadcastsStayInTheirVlan() {
    assertThat(heardOf("f10", 1000)).isEqualTo(Map.of("alice", 1000L, "srv", 1000L));
    assertThat(heardOf("bob", 300)).isEqualTo(Map.of("f20", 300L));
    assertThat(heardOf("dave", 300)).isEqualTo(Map.of("f30", 300L));
    assertThat(heardOf("desk", 300)).isEqualTo(Map.of("carol", 300L));
    assertThat(heardOf("native", 300)).isEmpty();
  }

  /** How many broadcasts of one station came to which others. */
  private Map<String, Long> heardOf(String name, int count) {
    Map<String, Long> before = heard();
    site.at(name)
        .command("ping", "-bnqc", "" + count, "-i", "0.002", "-W", "1", "198.51.100.255")
        .run(); // nobody answers
    Map<String, Long> after = heard();
    after.remove(name);
    after.replaceAll((other, heard) -> heard - before.getOrDefault(other, 0L));
    after.values().removeIf(heard -> heard == 0);
    return after;
  }

  /** Broadcasts that each station's kernel has received. */
  private Map<String, Long> heard() {
    Map<String, Long> heard = new LinkedHashMap<>();
    for (String name : TABLE.keySet()) {
      String counters = site.at(name).run("nstat", "-asz", "IpExtInBcastPkts");
      heard.put(name, Long.valueOf(counters.lines().toList().getLast().split("\\s+", 3)[1]));
    }
    return heard;
  }
}
