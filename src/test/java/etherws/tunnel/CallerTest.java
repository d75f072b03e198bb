package etherws.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is believed to dial, behind proxies in 10.0.0.0/8 and one at 2001:db8::1. */
class CallerTest {
  private static final Set<Subnet> PROXIES =
      Set.of(Subnet.parse("10.0.0.0/8"), Subnet.parse("2001:db8::1"));

  private static Caller caller(String peer, boolean proxyProtocol, String... forwardedFor) {
    InetSocketAddress address = new InetSocketAddress(Subnet.parse(peer).first(), 40112);
    Caller caller = new Caller(address, new TrustedProxies(PROXIES, proxyProtocol));
    caller.isForwardedFor(List.of(forwardedFor));
    return caller;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          10.0.0.1     | 203.0.113.5                        | 203.0.113.5:40112
          10.0.0.1     | 203.0.113.5:1234                   | 203.0.113.5:1234
          10.0.0.1     | 2001:db8::5                        | [2001:db8::5]:40112
          10.0.0.1     | [2001:db8::5]                      | [2001:db8::5]:40112
          10.0.0.1     | [2001:db8::5]:1234                 | [2001:db8::5]:1234
          10.0.0.1     | ::ffff:203.0.113.5                 | 203.0.113.5:40112
          2001:db8::1  | 203.0.113.5                        | 203.0.113.5:40112
          10.0.0.1     | 198.51.100.1, 203.0.113.5          | 203.0.113.5:40112
          10.0.0.1     | 198.51.100.1, 203.0.113.5,10.0.0.9 | 203.0.113.5:40112
          10.0.0.1     | 10.0.0.8, 10.0.0.9                 | 10.0.0.8:40112
          """)
  void aTrustedProxyIsBelievedUpToTheFirstHopThatIsNone(String peer, String header, String client) {
    assertThat(caller(peer, false, header)).hasToString(client);
  }

  @Test
  void headersAreOneListInTheirOrder() {
    assertThat(caller("10.0.0.1", false, "198.51.100.1", "203.0.113.5, 10.0.0.9"))
        .hasToString("203.0.113.5:40112");
  }

  @Test
  void othersAreNotBelieved() {
    assertThat(caller("203.0.113.5", false, "198.51.100.1")).hasToString("203.0.113.5:40112");
    assertThat(caller("203.0.113.5", false, "10.0.0.1, 10.0.0.2")).hasToString("203.0.113.5:40112");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          unknown            | 10.0.0.1:40112
          203.0.113.5, x     | 10.0.0.1:40112
          203.0.113.5,       | 10.0.0.1:40112
          x, 10.0.0.9        | 10.0.0.9:40112
          203.0.113.5:99999  | 10.0.0.1:40112
          203.0.113.5:1x     | 10.0.0.1:40112
          [2001:db8::5       | 10.0.0.1:40112
          hub.example        | 10.0.0.1:40112
          """)
  void whatIsNoAddressLeavesTheHopThatHasWrittenIt(String header, String client) {
    assertThat(caller("10.0.0.1", false, header)).hasToString(client);
  }

  @Test
  void withoutTheHeaderTheProxyIsTheCaller() {
    assertThat(caller("10.0.0.1", false)).hasToString("10.0.0.1:40112");
    assertThat(caller("10.0.0.1", false).proxy()).isNull();
    assertThat(caller("10.0.0.1", false, "203.0.113.5").proxy())
        .isEqualTo(Subnet.parse("10.0.0.1").first());
  }

  @Test
  void whereThereAreProxyHeadersXForwardedForIsTheClientsOwn() {
    assertThat(caller("10.0.0.1", true, "203.0.113.5")).hasToString("10.0.0.1:40112");
    assertThat(caller("10.0.0.1", true).owesProxyHeader()).isTrue();
    assertThat(caller("203.0.113.5", true).owesProxyHeader()).isFalse();
    assertThat(caller("10.0.0.1", false).owesProxyHeader()).isFalse();
  }

  @Test
  void takesAnyText() {
    String alphabet = "0123456789abcdef.:[]%, \t\"x";
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      char[] text = new char[random.nextInt(40)];
      for (int j = 0; j < text.length; j++) {
        text[j] = alphabet.charAt(random.nextInt(alphabet.length()));
      }
      assertThat(caller("10.0.0.1", false, new String(text)).address().getAddress())
          .as("seed %d", seed)
          .isNotNull();
    }
  }
}
