package etherws.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the operator reads about each kind of mistake: one line with its place, cause and cure. */
class ConfigProblemsTest {
  private static final String NETWORK = "[network.lab]\n";

  @TempDir private Path folder;

  @Test
  void anUnknownKeyHasTheNearestAsItsHint() {
    assertThat(problems("conjestion = 1\n" + NETWORK))
        .containsExactly("1:1: conjestion: is not known here; did you mean congestion?");
    assertThat(problems("[network.lab]\n  [[network.lab.tap]]\n  mut = 1500"))
        .containsExactly("3:3: network.lab.tap.mut: is not known here; did you mean mtu?");
    assertThat(problems(NETWORK + "[contorl]"))
        .containsExactly("2:1: contorl: is not known here; did you mean control?");
  }

  @Test
  void anUnknownKeyThatIsNearNoneHasThePlaceWhereItBelongs() {
    assertThat(problems("htpasswd = 1\n" + NETWORK))
        .containsExactly("1:1: htpasswd: is not known here; it belongs to [users]");
    assertThat(problems("[users]\nlog-level = \"info\"\n" + NETWORK))
        .containsExactly(
            "2:1: users.log-level: is not known here; it belongs to the top of the file");
  }

  @Test
  void anUnknownKeyThatIsLikeNothingHasAllThatAreKnown() {
    assertThat(problems("[users]\ncolour = 1\n" + NETWORK))
        .containsExactly("2:1: users.colour: is not known here; known are htpasswd, unlisted");
  }

  @Test
  void aWrongTypeSaysWhatItIsAndWhatToGive() {
    assertThat(problems("log-level = 3\n" + NETWORK))
        .containsExactly(
            "1:1: log-level: is a whole number; give \"debug\", \"info\", \"warn\" or \"error\"");
    assertThat(problems(NETWORK + "max-clients = \"9\"\nageing = 1.5"))
        .containsExactly(
            "2:1: network.lab.max-clients: is a string; give a whole number from 0 to 1048576",
            "3:1: network.lab.ageing: is a decimal number; give seconds, or a time such as"
                + " \"5s\" or \"2m\", from 1 s to 1000000 s");
    assertThat(problems(NETWORK + "clients.learning = 1979-05-27"))
        .containsExactly(
            "2:1: network.lab.clients.learning: is a date or time; give true or false");
    assertThat(problems(NETWORK + "[[network.lab.tap]]\nup = \"ip link\""))
        .containsExactly(
            "3:1: network.lab.tap.up: is a string; give an array of strings: a program and its"
                + " arguments");
  }

  @Test
  void whoMayTellAClientsAddressIsSaidAndSaidRightly() {
    assertThat(problems("[[listen]]\nproxy-protocol = true\n" + NETWORK))
        .containsExactly(
            "2:1: listen.proxy-protocol: needs trusted-proxy; say who may tell a client's address");
    assertThat(problems("[[listen]]\ntrusted-proxy = [\"::1\", \"10.0.0.1/8\"]\n" + NETWORK))
        .singleElement()
        .asString()
        .contains("\"10.0.0.1/8\" is no subnet: 10.0.0.0/8 or 10.0.0.1?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          fdb-size = 1                        | 1 is out of range
          fdb-size = 99999999999              | 99999999999 is out of range
          ageing = 0                          | 0 s is out of range
          ageing = "12d"                      | 1036800 s is out of range
          ageing = "5 parsecs"                | "5 parsecs" is no time
          loop-shut = 0                       | 0 s is out of range
          loop-shut = "6m"                    | loop-shut-max (300 s) is shorter than loop-shut (360 s)
          loop-shut-max = 20                  | loop-shut-max (20 s) is shorter than loop-shut (30 s)
          path = "lab"                        | lab is no path
          path = "/a b"                       | /a b is no path
          path = "/a?b"                       | /a?b is no path
          path = ""                           | is empty
          path = "/\\u0000"                   | has a control character in it
          clients.pvid = 0                    | 0 is out of range
          clients.pvid = 4095                 | 4095 is out of range
          clients.tagged = 4095               | 4095 is no VID
          clients.tagged = "20-10"            | "20-10" goes downwards
          clients.tagged = "1,,2"             | "" is neither a VID nor a range of them
          clients.tagged = []                 | leaves no VLAN to the port
          clients.rate-egress = "1T"          | 1T is no rate
          clients.rate-egress = "1001G"       | 1001G is over 1000G
          clients.rate-egress = -1            | -1 is no rate
          clients.macs = ["02:00:00:00:00"]   | "02:00:00:00:00" is no MAC address
          clients.macs = "01:00:5e:00:00:01"  | 01:00:5e:00:00:01 is no address of one host
          clients.bpdu = "drop"               | "drop" is neither
          clients.mac-limit = -1              | -1 is out of range
          tap = [{ mtu = 67 }]                | 67 is out of range
          tap = [{ device = "abcdefghijklmnop" }] | device name "abcdefghijklmnop" is longer than 15 characters
          tap = [{ bridge = "a/b" }]          | bridge name "a/b" is not one that Linux accepts
          tap = [{ address = "192.0.2.1" }]   | "192.0.2.1" has no prefix length
          tap = [{ address = "192.0.2.1/33" }] | /33 is longer than the address
          tap = [{ address = "192.0.2.256/3" }] | "192.0.2.256" is no IP address
          tap = [{ mac = "ff:ff:ff:ff:ff:ff" }] | ff:ff:ff:ff:ff:ff is no address of one host
          stream = [{ listen = "udp:x:1" }]   | "udp:x:1" is neither unix: nor tcp:
          stream = [{ listen = "tcp:1.2.3.4" }] | "1.2.3.4" has no port
          stream = [{ listen = "tcp:1.2.3.4:0" }] | 0 is no port
          stream = [{ listen = "tcp:name:1" }] | "name" is no IP address
          stream = [{ }]                      | has neither listen and connect
          stream = [{ listen = "tcp:1.2.3.4:1", connect = "tcp:1.2.3.4:2" }] | has both listen and connect
          netdev = [{ }]                      | is missing
          uplink = [{ }]                      | is missing
          uplink = [{ uri = "http://h/" }]    | http://h/ is neither ws:// nor wss://
          uplink = [{ uri = "ws://h/", user = "u" }] | has no password
          uplink = [{ uri = "ws://u@h/" }]    | has no password
          uplink = [{ uri = "ws://h/", insecure = true }] | says nothing about ws://
          uplink = [{ uri = "ws://h/", pin = "sha256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }] | says nothing about ws://
          uplink = [{ uri = "wss://h/", pin = "sha256:short" }] | sha256:short is no pin
          uplink = [{ uri = "wss://h/", host = "a/b" }] | a/b is no host
          uplink = [{ uri = "wss://h/", proxy = "ftp://p" }] | ftp://p is no proxy that we know
          uplink = [{ uri = "wss://h/", proxy = "http://u:pw@p" }] | has a password in it, which belongs into proxy-password-file
          uplink = [{ uri = "wss://h/", proxy = "http://u@p" }] | has a user and no password
          uplink = [{ uri = "wss://h/", proxy = "http://p", proxy-password-file = "/etc/passwd" }] | is the password of nobody
          uplink = [{ uri = "wss://h/", header = "Host: x" }] | Host is the handshake's own
          uplink = [{ uri = "wss://h/", header = ["X: y", "nonsense"] }] | this is no header
          uplink = [{ uri = "wss://h/", header = "Cookie: a=b" }] | Cookie is a secret
          """)
  void aValueThatCannotBeIsTold(String line, String what) {
    assertThat(problems(NETWORK + line))
        .singleElement()
        .satisfies(problem -> assertThat(problem).startsWith("2:").contains(": " + what + "; "));
  }

  @Test
  void anElementOfAnArrayHasItsOwnPlace() {
    assertThat(problems("[[listen]]\naddress = [\"127.0.0.1\",\n  \"localhost\"]\n" + NETWORK))
        .containsExactly(
            "3:3: listen.address: \"localhost\" is no IP address; give an IPv4 or IPv6 address such"
                + " as \"192.0.2.1\" or \"::\", or an array of such");
    assertThat(problems(NETWORK + "clients.tagged = [1, \"2-5000\"]"))
        .singleElement()
        .asString()
        .startsWith("2:22: network.lab.clients.tagged: 5000 is no VID; ");
  }

  @Test
  void aTableOfAnotherKindIsTold() {
    assertThat(problems("[listen]\n" + NETWORK))
        .containsExactly("1:1: listen: is a table; write [[listen]]");
    assertThat(problems("listen = [1]\n" + NETWORK))
        .containsExactly("1:11: listen: is a whole number; write [[listen]]");
    assertThat(problems("[[control]]\n" + NETWORK))
        .containsExactly("1:1: control: is an array; write [control]");
    assertThat(problems("[network]\npath = \"/lab\""))
        .containsExactly("2:1: network.path: is a string; write [network.NAME]");
    assertThat(problems("network = 1"))
        .containsExactly("1:1: network: is a whole number; write [network.NAME]");
  }

  @Test
  void aFileNeedsANetwork() {
    assertThat(problems("")).containsExactly("1:1: there is no network; write [network.NAME]");
  }

  @Test
  void twoNetworksDoNotShareAPath() {
    assertThat(problems("[network.a]\n[network.b]\npath = \"/a/\""))
        .containsExactly(
            "3:1: network.b.path: /a/ is that of the network of line 1 too; give each network a"
                + " path of its own");
  }

  @Test
  void aNetworkIsNotNamedTwice() {
    assertThat(problems(NETWORK + NETWORK))
        .containsExactly(
            "2:1: network.lab previously defined at line 1, column 1; correct the TOML here");
  }

  @Test
  void aNetworkHasAPlainName() {
    assertThat(problems("[network.\"a b\"]\npath = \"/\""))
        .containsExactly(
            "1:1: network.\"a b\": no network can have this name; use letters, digits, dot, dash,"
                + " underscore");
  }

  @Test
  void aDeviceIsOnePort() {
    assertThat(
            problems("[network.a]\ntap = [{ device = \"x\" }]\n[network.b]\nnetdev.device = 1\n"))
        .containsExactly("4:1: network.b.netdev: is a table; write [[network.NAME.netdev]]");
    assertThat(
            problems(
                """
                [network.a]
                tap = [{ device = "x" }]
                [[network.b.netdev]]
                device = "x"
                """))
        .containsExactly(
            "4:1: network.b.netdev.device: x is on line 2 too; a device can be one port only");
  }

  @Test
  void aUsersNetworkExists() {
    assertThat(problems("[user.alice]\nnetworks = [\"lab\", \"lba\"]\n" + NETWORK))
        .containsExactly("2:20: user.alice.networks: there is no network lba; did you mean lab?");
    assertThat(problems("[user.alice]\nnetworks = \"guest\"\n" + NETWORK))
        .containsExactly("2:1: user.alice.networks: there is no network guest; known are lab");
  }

  @Test
  void aUsersPolicyIsCheckedOnceHoweverManyNetworks() {
    assertThat(problems("[user.alice]\npvid = 5000\n[network.a]\n[network.b]"))
        .singleElement()
        .asString()
        .startsWith("2:1: user.alice.pvid: 5000 is out of range");
  }

  @Test
  void aUserHasANameThatHtpasswdCanHold() {
    assertThat(problems("[user.\"a:b\"]\n" + NETWORK))
        .containsExactly(
            "1:1: user.\"a:b\": no user can have this name; write it as it stands in the htpasswd"
                + " file");
  }

  @Test
  void aTimeWithoutItsOffsetIsRefused() {
    assertThat(problems("[user.a]\nexpires = 2027-01-01T00:00:00\n" + NETWORK))
        .containsExactly(
            "2:1: user.a.expires: is a time without an offset; give a time with its offset, such as"
                + " 2027-01-01T00:00:00Z, or a date");
  }

  @Test
  void certificateAndKeyComeTogether() throws IOException {
    Files.createFile(folder.resolve("a.pem"));

    assertThat(problems("[[listen]]\ncertfile = \"a.pem\"\n" + NETWORK))
        .containsExactly("2:1: listen.certfile: needs keyfile; give both, or neither for ws://");
    assertThat(problems("[[listen]]\nkeyfile = \"a.pem\"\n" + NETWORK))
        .containsExactly("2:1: listen.keyfile: needs certfile; give both, or neither for ws://");
  }

  @Test
  void aFileThatWeNeedIsThere() {
    assertThat(problems("[users]\nhtpasswd = \"sub/users\"\n" + NETWORK))
        .containsExactly(
            "2:1: users.htpasswd: no such file: %s; give the path of a file"
                .formatted(folder.resolve("sub/users")));
    assertThat(problems("[users]\nhtpasswd = \".\"\n" + NETWORK))
        .containsExactly(
            "2:1: users.htpasswd: %s is a folder; give the path of a file".formatted(folder));
  }

  @Test
  void twoListenersDoNotShareAPort() {
    assertThat(problems("[[listen]]\n[[listen]]\naddress = \"127.0.0.1\"\n" + NETWORK))
        .containsExactly(
            "3:1: listen.address: port 80 of this address is on line 1 too; give another port or"
                + " address");
  }

  @Test
  void aPasswordIsNotWrittenIntoTheFileNorIntoTheMessage() {
    assertThat(problems(NETWORK + "uplink = [{ uri = \"ws://alice:hunter2@h/\" }]"))
        .containsExactly(
            "2:13: network.lab.uplink.uri: has a password in it; give password-file instead");
    assertThat(problems(NETWORK + "uplink = [{ uri = \"ftp://alice:hunter2@h/\" }]"))
        .singleElement()
        .asString()
        .doesNotContain("hunter2");
  }

  @Test
  void aPasswordFileHasAPasswordAndAUser() throws IOException {
    Files.createFile(folder.resolve("empty"));

    assertThat(problems(NETWORK + "uplink = [{ uri = \"ws://h/\", password-file = \"empty\" }]"))
        .anySatisfy(problem ->
            assertThat(problem).endsWith("password-file: is the password of nobody; give user too"))
        .anySatisfy(problem -> assertThat(problem).contains("has an empty first line; write"));
  }

  @Test
  void aKernelWithoutTheCongestionControlSaysWhatItHas() {
    assertThat(problems("congestion = \"warp\"\n" + NETWORK))
        .singleElement()
        .asString()
        .startsWith("1:1: congestion: congestion control warp is not to be had: this kernel has ")
        .endsWith("; try modprobe tcp_warp");
  }

  @Test
  void tokensWithoutAnAddressAreAMistake() throws IOException {
    Files.writeString(folder.resolve("token"), "x");

    assertThat(problems("control.metrics-token-file = \"token\"\n" + NETWORK))
        .containsExactly("1:1: control.metrics-token-file: is asked for nowhere; give metrics too");
  }

  @Test
  void allProblemsAreToldInTheOrderOfTheFile() {
    assertThat(problems("log-levle = 1\n[network.lab]\nfdb-size = 0\n[users]\nunlisted = 1"))
        .hasSize(3)
        .satisfiesExactly(
            first -> assertThat(first).startsWith("1:1: log-levle"),
            second -> assertThat(second).startsWith("3:1: network.lab.fdb-size"),
            third -> assertThat(third).startsWith("5:1: users.unlisted"));
  }

  @Test
  void whatIsNoTomlIsToldAlone() {
    assertThat(problems("a = \n[network.lab]\nb = 'x"))
        .containsExactly(
            "1:5: Unexpected end of line, expected a value; correct the TOML here",
            "3:7: Unexpected end of input, expected '; correct the TOML here");
  }

  @Test
  void whatIsNestedWithoutEndIsRefused() {
    assertThat(problems("a = " + "[".repeat(200_000)))
        .singleElement()
        .asString()
        .startsWith("1:134: Nesting is too deep");
    assertThat(problems("a" + ".a".repeat(200_000) + " = 1\n" + NETWORK)).isNotEmpty();
  }

  @Test
  void whatIsNotUtf8IsToldWithItsPlace() throws IOException {
    Files.write(
        folder.resolve("x.toml"), new byte[] {'#', '\n', '#', (byte) 0xc3, (byte) 0xa4, -1, 'x'});

    assertThat(problems()).containsExactly("2:3: is not UTF-8 from here on; convert the file");
  }

  @Test
  void aFileHasALimit() {
    assertThat(problems("#".repeat((1 << 20) + 1)))
        .containsExactly("is over 1 MiB; give a configuration file");
  }

  @Test
  void aFileThatCannotBeReadIsTold() throws IOException {
    assertThat(problems()).containsExactly("no such file; write it, or name another");

    Files.createDirectory(folder.resolve("x.toml"));
    assertThat(problems()).containsExactly("can't be read: Is a directory; check the file");
  }

  @Test
  void theMessageHasALineForEachProblem() {
    Path file = Path.of("there is no such.toml");

    assertThatThrownBy(() -> new ConfigFile(file, Example.NO_PROMPT).read())
        .isInstanceOf(ConfigException.class)
        .hasMessage("there is no such.toml: no such file; write it, or name another");
  }

  private List<String> problems(String text) {
    try {
      Files.writeString(folder.resolve("x.toml"), text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return problems();
  }

  /** Without the file's name, which each begins with. */
  private List<String> problems() {
    Path file = folder.resolve("x.toml");
    try {
      new ConfigFile(file, Example.NO_PROMPT).read();
      return fail("nothing was found wrong");
    } catch (ConfigException e) {
      assertThat(e.problems()).allMatch(problem -> problem.file().equals(file));
      return String.valueOf(e.getMessage())
          .lines()
          .map(line -> line.substring(file.toString().length() + 1).strip())
          .toList();
    }
  }
}
