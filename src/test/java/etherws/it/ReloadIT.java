package etherws.it;

import static org.assertj.core.api.Assertions.assertThat;

import etherws.testing.Command;
import etherws.testing.Host;
import etherws.testing.Site;
import etherws.testing.Site.Person;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The settings change while it runs, and those whom it doesn't concern notice nothing.
 *
 * <pre>
 *   alice, bob, dave -- lab: srv       carol -- office: desk, spare
 * </pre>
 */
@Isolated
class ReloadIT {
  private static final Person[] PEOPLE = {
    new Person("alice", "lab"),
    new Person("bob", "lab"),
    new Person("carol", "office"),
    new Person("dave", "lab")
  };

  private static final String HUB =
      """
      unlisted = false
      [user.alice]
      [user.bob]
      [user.carol]
      [user.dave]
      networks = ["lab"]
      rate-ingress = "1G"

      [network.lab]
      [[network.lab.tap]]
      device = "srv"
      address = "198.51.100.1/24"

      [network.office]
      [[network.office.tap]]
      device = "desk"
      address = "203.0.113.1/24"
      [[network.office.tap]]
      device = "spare"
      mtu = 1500
      """;

  private Site site;

  @BeforeEach
  void connect() throws Exception {
    site = Site.open();
    site.accounts(PEOPLE);
    site.writeHub(HUB);
    site.startHub();
    site.dialIn(PEOPLE);
    site.station(site.people, "alice", "198.51.100.11");
    site.station(site.people, "bob", "198.51.100.12");
    site.station(site.people, "dave", "198.51.100.13");
    site.station(site.people, "carol", "203.0.113.11");
  }

  @AfterEach
  void close() throws Exception {
    if (site != null) {
      site.close();
    }
  }

  @Test
  void whomAChangeDoesNotConcernLosesNoPing() throws Exception {
    Process alice = ping("alice", "198.51.100.1");
    Process carol = ping("carol", "203.0.113.1");

    addANetwork();
    changeARate();
    removeAUser();
    makeAMistake();
    changeAnMtu();
    addAListener();
    trustAProxy();
    allowAnOrigin();
    removeANetwork();
    moveADevice();
    openTheMetrics();
    logMore();
    chooseAPortInUse();

    site.lab.write("enough", "");
    assertNoLoss("alice", alice);
    assertNoLoss("carol", carol);
    assertThat(site.read("hub.log").lines().filter(line -> line.contains(" left after ")))
        .as("sessions that ended")
        .hasSize(1)
        .allMatch(line -> line.contains("bob@"));
  }

  private void addANetwork() throws IOException {
    append("[network.extra]\n[[network.extra.tap]]\ndevice = \"extra\"\n");
    reload();

    assertThat(site.hub.run("ip", "link", "show", "extra")).contains("UP");
    assertThat(site.ask("networks").succeed()).contains("/extra");
  }

  private void changeARate() throws IOException {
    assertThat(lossOfDave()).isZero();

    change("rate-ingress = \"1G\"", "rate-ingress = \"1M\"");
    reload();

    assertThat(lossOfDave()).isPositive();
    assertThat(site.ask("drops").succeed().lines())
        .anyMatch(line -> line.contains("dave@") && line.contains("ingress_rate"));
  }

  /** Pings that a rate of 1 Mbit/s, and twice the longest burst, is too narrow for. */
  private long lossOfDave() {
    String report =
        site.at("dave")
            .command(
                "ping", "-nq", "-c", "300", "-i", "0.001", "-s", "1400", "-W", "1", "198.51.100.1")
            .run()
            .output();
    return 300 - Long.parseLong(report.replaceAll("(?s).*transmitted, (\\d+) received.*", "$1"));
  }

  private void removeAUser() throws IOException {
    assertThat(site.at("bob").pings("198.51.100.1", 5)).isTrue();

    change("[user.bob]\n", "");
    reload();

    site.awaitLine("people.log", "/lab", "1008");
    site.awaitLine("hub.log", "bob@", "unknown user");
    assertThat(site.at("bob").reaches("198.51.100.1")).isFalse();
  }

  private void makeAMistake() throws IOException {
    String right = site.read("hub.toml");
    append("[network.broken]\nageing = = 3\n");
    Command.Result result = site.ask("reload").run();

    assertThat(result.status()).isNotZero();
    long line = site.read("hub.toml").lines().count();
    assertThat(result.errors()).contains("hub.toml:" + line + ":10:");
    assertThat(site.ask("networks").succeed()).contains("/extra").doesNotContain("broken");
    site.lab.write("hub.toml", right);
  }

  private void changeAnMtu() throws IOException {
    String srv = index("srv");
    String desk = index("desk");
    String spare = index("spare");

    change("mtu = 1500", "mtu = 1400");
    reload();

    assertThat(site.hub.run("ip", "link", "show", "spare")).contains("mtu 1400");
    assertThat(index("spare")).as("it was opened again").isNotEqualTo(spare);
    assertThat(index("srv")).isEqualTo(srv);
    assertThat(index("desk")).isEqualTo(desk);
  }

  private String index(String device) {
    return site.hub.run("cat", "/sys/class/net/" + device + "/ifindex").strip();
  }

  private void addAListener() throws IOException {
    append("[[listen]]\nport = 8080\n");
    reload();

    assertThat(listens(site.hub, 80)).isTrue();
    assertThat(listens(site.hub, 8080)).isTrue();
  }

  /** The listener that nobody has come by yet becomes another. */
  private void trustAProxy() throws IOException {
    visitForAnother("https://before.example");
    site.awaitLine("hub.log", "10.9.0.2", "https://before.example");

    change("port = 8080\n", "port = 8080\ntrusted-proxy = [\"10.9.0.2\"]\n");
    reload();
    visitForAnother("https://between.example");
    site.awaitLine("hub.log", "203.0.113.77", "https://between.example");

    change("trusted-proxy = [\"10.9.0.2\"]\n", "");
    reload();
    visitForAnother("https://after.example");
    site.awaitLine("hub.log", "10.9.0.2", "https://after.example");
  }

  private void visitForAnother(String origin) {
    String forwarded = "X-Forwarded-For: 203.0.113.77";
    String page = "http://" + Site.HUB + ":8080/lab";
    site.people.run("curl", "-s", "-H", forwarded, "-H", "Origin: " + origin, page);
  }

  /** The listener stays what it is, with those who came by it. */
  private void allowAnOrigin() throws IOException {
    assertThat(statusForAPage()).isEqualTo("403");

    change("port = 80\n", "port = 80\nallow-origin = [\"https://app.example\"]\n");
    reload();

    assertThat(statusForAPage()).as("asked for a password").isEqualTo("401");
  }

  private String statusForAPage() {
    return site.people.run(
        "curl",
        "-s",
        "-w",
        "%{http_code}",
        "-H",
        "Origin: https://app.example",
        "http://" + Site.HUB + "/lab");
  }

  private static boolean listens(Host host, int port) {
    return !host.run("ss", "-Hltn", "sport = :" + port).isBlank();
  }

  private void removeANetwork() throws IOException {
    change("[network.extra]\n[[network.extra.tap]]\ndevice = \"extra\"\n", "");
    reload();

    assertThat(site.hub.command("ip", "link", "show", "extra").run().status()).isNotZero();
    assertThat(site.ask("networks").succeed()).doesNotContain("/extra");
  }

  private void moveADevice() throws IOException {
    String spare = "[[network.office.tap]]\ndevice = \"spare\"\n";
    change(spare, spare.replace("office", "lab"));
    reload();

    assertThat(site.ask("ports").succeed().lines())
        .anyMatch(line -> line.startsWith("lab/") && line.contains("spare"));
  }

  private void openTheMetrics() throws IOException {
    change("[control]\n", "[control]\nmetrics = \"127.0.0.1:9472\"\n");
    reload();

    assertThat(listens(site.hub, 9472)).isTrue();
  }

  private void logMore() throws IOException {
    change("[control]\n", "log-level = \"debug\"\n[control]\n");
    reload();

    site.people.run("curl", "-s", "http://" + Site.HUB + "/lab");
    site.awaitLine("hub.log", "DEBUG", "10.9.0.2");
  }

  /** The hub leaves its port for another one that somebody has: nobody is sent away. */
  private void chooseAPortInUse() throws IOException {
    change("port = 80\n", "port = 9472\n");
    Command.Result result = site.ask("reload").run();

    assertThat(result.status()).isNotZero();
    assertThat(result.errors()).contains("9472");
    assertThat(listens(site.hub, 80)).isTrue();
  }

  private void reload() {
    site.ask("reload").succeed();
  }

  private void change(String from, String to) throws IOException {
    String before = site.read("hub.toml");
    assertThat(before).contains(from);
    site.lab.write("hub.toml", before.replace(from, to));
  }

  private void append(String text) throws IOException {
    site.lab.write("hub.toml", site.read("hub.toml") + text);
  }

  /**
   * Pings, once a millisecond and a thousand times, and again, until there is a file of that name.
   */
  private Process ping(String name, String address) {
    String pings =
        "until [ -e %s ]; do ping -n -c 1000 -i 0.001 -w 30 %s; done"
            .formatted(site.file("enough"), address);
    return site.at(name).command("sh", "-c", pings).start(site.path(name + ".ping"));
  }

  private void assertNoLoss(String name, Process pings) throws Exception {
    assertThat(pings.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(Stream.of(site.read(name + ".ping").split("(?m)^PING ")).skip(1))
        .hasSizeGreaterThan(3)
        .allMatch(round -> Host.allAnswered(round, 1000));
  }
}
