package etherws.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A hub that runs a file, and people at stations: hosts whose only way out is a TAP of ours, moved
 * there from where the node runs.
 *
 * <pre>
 *   [station]...taps of the hub -- hub u0 ======= u0 people -- a network and a TAP each...[station]
 *                                    10.9.0.1   10.9.0.2
 * </pre>
 */
public final class Site implements AutoCloseable {
  public static final String HUB = "10.9.0.1";

  public final Lab lab;
  public final Host hub;
  public final Host people;

  private final Pair pair;
  private final Map<String, Host> stations = new HashMap<>();

  /** Somebody with an account, the password being {@code secret}. */
  public record Person(String name, String network) {}

  private Site(Pair pair) {
    this.pair = pair;
    lab = pair.lab;
    hub = pair.server;
    people = pair.client;
  }

  public static Site open() throws IOException {
    return new Site(Pair.open());
  }

  public String file(String name) {
    return pair.file(name);
  }

  public String read(String name) throws IOException {
    return pair.read(name);
  }

  /** Writes the hub's file; what every hub of ours has comes before {@code config}. */
  public void writeHub(String config) throws IOException {
    String common =
        """
        [control]
        socket = "hub.sock"
        [[listen]]
        port = 80
        [users]
        htpasswd = "users"
        """;
    lab.write("hub.toml", common + config);
  }

  /** The one password of all. */
  public void accounts(Person... people) throws IOException {
    lab.write("password", "secret\n");
    lab.write("users", "");
    for (Person person : people) {
      Command.of("htpasswd", "-b", "-B", "-C", "4", file("users"), person.name(), "secret")
          .succeed();
    }
  }

  /** Has the hub run its file. */
  public void startHub() {
    start(hub, "hub");
  }

  /** Has a node dial in for each of them, with a TAP of the person's name. */
  public void dialIn(Person... persons) throws IOException {
    StringBuilder config = new StringBuilder("[control]\nsocket = \"people.sock\"\n");
    for (Person person : persons) {
      config.append(
          """
          [network.%1$s]
          [[network.%1$s.tap]]
          device = "%1$s"
          [[network.%1$s.uplink]]
          uri = "ws://%2$s/%3$s"
          user = "%1$s"
          password-file = "password"
          """
              .formatted(person.name(), HUB, person.network()));
    }
    lab.write("people.toml", config.toString());
    start(people, "people");
  }

  /** Runs {@code NAME.toml} on a host. */
  public void start(Host host, String name) {
    host.etherws(
            "run",
            file(name + ".toml"),
            "--log-file",
            file(name + ".log"),
            "--pid-file",
            file(name + ".pid"))
        .succeed();
  }

  /** Moves a device to a host of its own, which has nothing else, and no IPv6. */
  public Host station(Host from, String device, String address) {
    Host station = lab.host(device);
    station.run("sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1");
    station.run("sysctl", "-qw", "net.ipv6.conf.default.disable_ipv6=1");
    from.run("ip", "link", "set", device, "netns", station.name());
    station.run("ip", "link", "set", device, "up");
    station.run("ip", "addr", "add", address + "/24", "broadcast", "+", "dev", device);
    stations.put(device, station);
    return station;
  }

  /** The host that a device was moved to. */
  public Host at(String device) {
    return java.util.Objects.requireNonNull(stations.get(device));
  }

  /** {@code etherws WORDS --socket ...} about the hub. */
  public Command ask(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--socket", file("hub.sock")));
    return hub.etherws(all.toArray(String[]::new));
  }

  /** Waits for a line of a log that has both. */
  public void awaitLine(String log, String a, String b) {
    Lab.await(
        a + " " + b + " in " + log,
        Duration.ofSeconds(10),
        () -> hub.run("cat", file(log)).lines().anyMatch(l -> l.contains(a) && l.contains(b)));
  }

  /** A file of this site. */
  public Path path(String name) {
    return lab.file(name);
  }

  @Override
  public void close() throws IOException {
    pair.close();
  }
}
