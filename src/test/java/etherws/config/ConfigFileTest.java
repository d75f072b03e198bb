package etherws.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etherws.bridge.BridgeSettings;
import etherws.bridge.PortPolicy;
import etherws.bridge.StormRates;
import etherws.bridge.VlanSettings;
import etherws.control.ControlSettings;
import etherws.control.SocketFolder;
import etherws.node.NetworkSettings;
import etherws.node.NetworkSettings.Uplink;
import etherws.node.NodeSettings;
import etherws.node.NodeSettings.Listener;
import etherws.node.UsersSettings;
import etherws.stream.StreamSettings;
import etherws.tap.TapSettings;
import etherws.tls.ClientTlsSettings;
import etherws.tunnel.Header;
import etherws.tunnel.Proxy;
import etherws.tunnel.Route;
import etherws.tunnel.Subnet;
import etherws.tunnel.TrustedProxies;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.Level;

class ConfigFileTest {
  @TempDir private Path folder;

  @BeforeEach
  void writeExample() throws IOException {
    Example.in(folder);
  }

  @Test
  void aNetworkAloneIsAFile() throws ConfigException {
    NodeConfig config = read("[network.lab]");

    NetworkSettings lab = lab(config);
    assertThat(lab.name()).isEqualTo("lab");
    assertThat(lab.path()).isEqualTo("/lab");
    assertThat(lab.bridge()).isEqualTo(BridgeSettings.DEFAULTS);
    assertThat(lab.clients()).isEqualTo(PortPolicy.CLIENT);
    assertThat(config.node().users()).isEqualTo(UsersSettings.ANYBODY);
    assertThat(config.node().listeners()).isEmpty();
    assertThat(config.node().control())
        .isEqualTo(new ControlSettings(SocketFolder.socketOf("x"), null, null, null));
    assertThat(config.log()).isEqualTo(new LogSettings(Level.INFO, null));
    assertThat(config.warnings()).isEmpty();
  }

  @Test
  void theExampleMeansWhatItsCommentsSay() throws Exception {
    NodeSettings node = example().node();

    Listener tls = node.listeners().getFirst();
    assertThat(tls.settings().addresses()).containsExactly(new InetSocketAddress(443));
    assertThat(tls.settings().allowedOrigins()).containsExactly("https://vm.example");
    assertThat(Objects.requireNonNull(tls.tls()).clientCa())
        .isEqualTo(folder.resolve("clients-ca.pem"));
    assertThat(tls.passphrase().ask(folder.resolve("hub.key"))).isEqualTo("secret".toCharArray());
    assertThat(node.listeners().get(1).settings().addresses())
        .containsExactly(
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 8080),
            new InetSocketAddress(InetAddress.ofLiteral("::1"), 8080));
    assertThat(node.listeners().get(1).settings().proxies())
        .isEqualTo(
            new TrustedProxies(
                Set.of(Subnet.parse("127.0.0.1"), Subnet.parse("10.8.0.0/16")), false));
    assertThat(node.users().htpasswd()).isEqualTo(folder.resolve("users"));
    assertThat(node.users().unlisted()).isFalse();
    assertThat(node.control())
        .isEqualTo(
            new ControlSettings(
                Path.of("/run/etherws/hub.sock"),
                "adm",
                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 9472),
                folder.resolve("metrics.token")));
    NetworkSettings lab = node.networks().getFirst();
    assertThat(lab.bridge().ageing()).isEqualTo(Duration.ofMinutes(5));
    assertThat(lab.maxClients()).isEqualTo(100);
    assertThat(lab.taps().getFirst().settings())
        .isEqualTo(
            new TapSettings(
                "ethws%d",
                1500,
                null,
                0x02005e100001L,
                List.of("192.0.2.1/24", "2001:db8::1/64"),
                null,
                List.of("/usr/local/sbin/lab-up", "quickly"),
                List.of("/usr/local/sbin/lab-down")));
    assertThat(lab.taps().getFirst().policy().vlan()).isEqualTo(VlanSettings.access(10));
    assertThat(lab.netdevs().getFirst().policy().vlan().pvid()).isEqualTo(1);
    assertThat(lab.streams().getFirst().settings())
        .isEqualTo(new StreamSettings(UnixDomainSocketAddress.of("/run/vm.sock"), true));
  }

  @Test
  void thePolicyOfPeersIsReadToTheLastKey() throws Exception {
    assertThat(example().node().networks().getFirst().clients())
        .isEqualTo(
            new PortPolicy(
                VlanSettings.access(10),
                true,
                true,
                true,
                0,
                16,
                Set.of(),
                Duration.ofSeconds(5),
                new StormRates(1_000, 10_000, 10_000),
                100_000_000,
                1_500_000_000,
                true,
                true,
                true,
                true));
  }

  @Test
  void everyPolicyKeyReachesItsOwnComponent() throws ConfigException {
    String text =
        """
        [network.lab.clients]
        tagged = "7"
        learning = false
        flood = false
        isolated = true
        group = 3
        mac-limit = 4
        macs = "02:00:00:00:00:05"
        steal-hold = "250ms"
        storm-broadcast = 11
        storm-multicast = 12
        storm-unknown-unicast = 13
        rate-ingress = "64k"
        rate-egress = 15
        bpdu = "filter"
        dhcp-guard = true
        ra-guard = false
        loop-guard = false
        """;

    BitSet seven = new BitSet();
    seven.set(7);
    assertThat(lab(read(text)).clients())
        .isEqualTo(
            new PortPolicy(
                new VlanSettings(VlanSettings.NONE, seven),
                false,
                false,
                true,
                3,
                4,
                Set.of(0x020000000005L),
                Duration.ofMillis(250),
                new StormRates(11, 12, 13),
                64_000,
                15,
                true,
                true,
                false,
                false));
    assertThat(lab(read(text.replace("ra-guard = false", "ra-guard = true"))).clients().raGuard())
        .isTrue();
  }

  @Test
  void twoKeysTellFourKindsOfVlanPorts() throws ConfigException {
    BitSet tagged = new BitSet();
    tagged.set(10);
    tagged.set(20, 24);

    assertThat(vlan("")).isEqualTo(VlanSettings.TRANSPARENT);
    assertThat(vlan("pvid = 5")).isEqualTo(VlanSettings.access(5));
    assertThat(vlan("tagged = [10, \"20-23\"]"))
        .isEqualTo(new VlanSettings(VlanSettings.NONE, tagged));
    assertThat(vlan("pvid = 5\ntagged = \"10, 20-23\"")).isEqualTo(new VlanSettings(5, tagged));
    assertThat(vlan("pvid = 5\ntagged = []")).isEqualTo(VlanSettings.access(5));
    assertThat(vlan("tagged = \"all\"").tagged().cardinality()).isEqualTo(4094);
  }

  @Test
  void aUsersWordsGoOverThoseOfEachNetwork() throws ConfigException {
    NodeConfig config =
        read(
            """
            [network.a.clients]
            tagged = "all"
            rate-ingress = "1M"
            [network.b]
            [network.c]
            [user.alice]
            networks = ["a", "b"]
            pvid = 10
            mac-limit = 1
            [user.bob]
            [user.carol]
            networks = []
            """);

    var users = config.node().users().named();
    var alice = Objects.requireNonNull(users.get("alice")).networks();
    assertThat(alice).containsOnlyKeys("a", "b");
    PortPolicy inA = Objects.requireNonNull(alice.get("a"));
    assertThat(inA.vlan()).isEqualTo(VlanSettings.access(10));
    assertThat(inA.macLimit()).isEqualTo(1);
    assertThat(inA.ingressRate()).isEqualTo(1_000_000);
    PortPolicy inB = Objects.requireNonNull(alice.get("b"));
    assertThat(inB.vlan()).isEqualTo(VlanSettings.access(10));
    assertThat(inB.ingressRate()).isZero();
    assertThat(inB.storm()).isEqualTo(StormRates.DEFAULTS);
    var bob = Objects.requireNonNull(users.get("bob"));
    assertThat(bob.networks()).containsOnlyKeys("a", "b", "c");
    assertThat(bob.networks().get("a")).isEqualTo(config.node().networks().getFirst().clients());
    assertThat(bob.expires()).isNull();
    assertThat(Objects.requireNonNull(users.get("carol")).networks()).isEmpty();
  }

  @Test
  void aUserExpiresAtATimeOrWithTheBeginningOfADay() throws ConfigException {
    assertThat(expires("2027-01-01T02:00:00+02:00"))
        .isEqualTo(Instant.parse("2027-01-01T00:00:00Z"));
    assertThat(expires("2027-01-01"))
        .isEqualTo(LocalDate.of(2027, 1, 1).atStartOfDay(ZoneId.systemDefault()).toInstant());
  }

  @Test
  void anUplinkReadsItsPasswordFromTheFile() throws Exception {
    Uplink uplink = example().node().networks().get(1).uplinks().getFirst().settings();

    assertThat(uplink.settings().user()).isEqualTo("hub");
    assertThat(uplink.settings().password()).isEqualTo("secret");
    assertThat(uplink.settings().retry()).isTrue();
    assertThat(Objects.requireNonNull(uplink.tls()).cacerts())
        .isEqualTo(folder.resolve("east-ca.pem"));
  }

  @Test
  void anUplinkHasItsOwnWay() throws Exception {
    Uplink uplink = example().node().networks().get(1).uplinks().getFirst().settings();
    Route route = uplink.settings().route();

    assertThat(route.proxies().toward(uplink.settings().uri()))
        .isEqualTo(Proxy.parse("http://hub:secret@proxy.example:3128"));
    assertThat(route.headers())
        .containsExactly(new Header("X-Site", "north"), new Header("X-Token", "secret"));
    assertThat(Objects.requireNonNull(uplink.tls()))
        .returns("hub.east.example", ClientTlsSettings::host)
        .returns(1, tls -> tls.pins().size());
  }

  @Test
  void anUplinkThatNamesNoProxyTakesThatOfTheEnvironment() throws Exception {
    Map<String, String> environment = Map.of("http_proxy", "p:3128", "no_proxy", "near.example");
    Path file =
        Files.writeString(
            folder.resolve("hub.toml"),
            """
            [network.lab]
            uplink = [
              { uri = "ws://far.example/" },
              { uri = "ws://near.example/" },
              { uri = "ws://far.example/", proxy = "none" },
              { uri = "ws://near.example/", proxy = "socks5h://q" },
            ]
            """);

    NodeConfig config = new ConfigFile(file, Example.NO_PROMPT, environment).read();

    assertThat(config.node().networks().getFirst().uplinks())
        .extracting(uplink -> uplink.settings().settings())
        .extracting(spoke -> String.valueOf(spoke.route().proxies().toward(spoke.uri())))
        .containsExactly("http://p:3128", "null", "null", "socks5h://q:1080");
  }

  @Test
  void aProxyThatLeadsToNoHubOfItsNeedsNoPassword() throws Exception {
    Map<String, String> environment =
        Map.of("http_proxy", "http://me@p:3128", "no_proxy", "near.example");
    String network = "[network.lab]\nuplink = [{ uri = \"ws://%s.example/\" }]\n";
    Path file = folder.resolve("hub.toml");

    Files.writeString(file, network.formatted("near"));
    assertThat(new ConfigFile(file, Example.NO_PROMPT, environment).read().warnings()).isEmpty();

    Files.writeString(file, network.formatted("far"));
    assertThatThrownBy(() -> new ConfigFile(file, Example.NO_PROMPT, environment).read())
        .hasMessageContaining("uplink.proxy: has a user and no password");
  }

  @Test
  void anUnspecifiedAddressIsAllOfThem() throws ConfigException {
    NodeConfig config = read("[[listen]]\naddress = [\"0.0.0.0\", \"::\"]\n[network.lab]");

    assertThat(config.node().listeners().getFirst().settings().addresses())
        .containsExactly(new InetSocketAddress(80));
  }

  @Test
  void theControlSocketCanBeLeftAway() throws ConfigException {
    for (String none : List.of("false", "\"\"")) {
      NodeConfig config = read("control.socket = " + none + "\n[network.lab]");
      assertThat(config.node().control()).isEqualTo(ControlSettings.NONE);
    }
  }

  @Test
  void relativePathsStartFromTheFoldersFile() throws ConfigException {
    NodeConfig config =
        read(
            """
            log-file = "../log"
            control.socket = "sock"
            [[network.lab.tap]]
            up = ["bin/up", "a/b"]
            down = ["logger", "down"]
            """);

    TapSettings tap = lab(config).taps().getFirst().settings();
    assertThat(config.log().file()).isEqualTo(folder.resolveSibling("log"));
    assertThat(config.node().control().socket()).isEqualTo(folder.resolve("sock"));
    assertThat(tap.up()).containsExactly(folder.resolve("bin/up").toString(), "a/b");
    assertThat(tap.down()).containsExactly("logger", "down");
  }

  @Test
  void warnsOfASecretThatAnybodyCanRead() throws Exception {
    Path file = folder.resolve("east.password");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

    assertThat(example().warnings())
        .extracting(Problem::what)
        .contains(file + " can be read by anybody");
  }

  @Test
  void warnsOfAnOpenDoorAndOfPasswordsInClear() throws ConfigException {
    assertThat(read("[[listen]]\n[network.lab]").warnings())
        .singleElement()
        .asString()
        .contains("1:1: listen.port: NO AUTHENTICATION");
    assertThat(read("[[listen]]\naddress = \"127.0.0.1\"\n[network.lab]").warnings()).isEmpty();
    assertThat(read("users.htpasswd = \"users\"\n[[listen]]\n[network.lab]").warnings())
        .singleElement()
        .asString()
        .contains("passwords cross the wire in clear");
    String behindProxy = "[[listen]]\naddress = \"127.0.0.1\"\n[network.lab]";
    assertThat(read("users.htpasswd = \"users\"\n" + behindProxy).warnings()).isEmpty();
  }

  @Test
  void isReadAnewEachTime() throws Exception {
    ConfigFile file = new ConfigFile(folder.resolve("x.toml"), Example.NO_PROMPT);
    Files.writeString(file.path(), "[network.a]");
    assertThat(file.read().node().networks().getFirst().name()).isEqualTo("a");

    Files.writeString(file.path(), "[network.b]");
    assertThat(file.read().node().networks().getFirst().name()).isEqualTo("b");
  }

  @Test
  void aByteOrderMarkIsNoMistake() throws ConfigException {
    assertThat(lab(read("\ufeff[network.lab]\r\n")).name()).isEqualTo("lab");
  }

  private VlanSettings vlan(String keys) throws ConfigException {
    return lab(read("[network.lab.clients]\n" + keys)).clients().vlan();
  }

  private Instant expires(String when) throws ConfigException {
    var users = read("[user.a]\nexpires = " + when + "\n[network.lab]").node().users();
    return Objects.requireNonNull(Objects.requireNonNull(users.named().get("a")).expires());
  }

  private static NetworkSettings lab(NodeConfig config) {
    return config.node().networks().getFirst();
  }

  private NodeConfig example() throws ConfigException {
    return new ConfigFile(folder.resolve("hub.toml"), Example.NO_PROMPT).read();
  }

  private NodeConfig read(String text) throws ConfigException {
    Path file = folder.resolve("x.toml");
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return new ConfigFile(file, Example.NO_PROMPT).read();
  }
}
