package etherws.tunnel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.metrics.Refusal;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections to a hub that wants PROXY headers of those on loopback, and nobody else. */
class ProxyHeaderTest {
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
  private static final byte[] REQUEST = RawPeer.octets(Requests.VPN_WS);

  private final LocalHub hub;

  ProxyHeaderTest() throws IOException {
    hub = hub("127.0.0.1", true);
  }

  private static LocalHub hub(String proxies, boolean proxyProtocol) throws IOException {
    return new LocalHub(
        "/", null, null, new TrustedProxies(Set.of(Subnet.parse(proxies)), proxyProtocol));
  }

  @AfterEach
  void close() {
    hub.close();
  }

  @ParameterizedTest
  @CsvSource({
    "PROXY TCP4 203.0.113.5 192.0.2.1 1234 443, 203.0.113.5:1234",
    "PROXY TCP6 2001:db8::5 2001:db8::1 1234 443, [2001:db8::5]:1234"
  })
  void versionOneSaysWhoItIs(String header, String client) throws Exception {
    try (RawPeer peer = hub.dial()) {
      peer.write((header + "\r\n").getBytes(ISO_8859_1), REQUEST);

      assertThat(peer.head()).startsWith("HTTP/1.1 101 ");
      assertThat(hub.peerPort().name()).isEqualTo(client);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2111000c cb007105 c0000201 04d2 01bb, 203.0.113.5:1234",
    "21110013 cb007105 c0000201 04d2 01bb 04 0004 00000000, 203.0.113.5:1234",
    "21210024 20010db8000000000000000000000005 20010db8000000000000000000000001 04d2 01bb,"
        + " [2001:db8::5]:1234"
  })
  void versionTwoSaysWhoItIs(String header, String client) throws Exception {
    try (RawPeer peer = hub.dial()) {
      peer.write(hex(SIGNATURE + header), REQUEST);

      assertThat(peer.head()).startsWith("HTTP/1.1 101 ");
      assertThat(hub.peerPort().name()).isEqualTo(client);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"50524f585920554e4b4e4f574e0d0a", SIGNATURE + "20000000"})
  void aProxyThatSpeaksForNobodyIsTheCaller(String header) throws Exception {
    try (RawPeer peer = hub.dial()) {
      peer.write(hex(header), REQUEST);

      assertThat(peer.head()).startsWith("HTTP/1.1 101 ");
      assertThat(hub.peerPort().name()).startsWith("127.0.0.1:");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\nHost: HOST\n\n",
        "PROXY TCP4 203.0.113.5 192.0.2.1 1234\n",
        "PROXY TCP4 hub.example 192.0.2.1 1234 443\n",
        "PROXY TCP4 203.0.113.5 192.0.2.1 123456 443\n",
        "PROXY TCP4 2001:db8::5 192.0.2.1 1234 443\n",
        "proxy TCP4 203.0.113.5 192.0.2.1 1234 443\n",
      })
  void withoutAGoodHeaderTheConnectionIsClosedAndCounted(String beginning) throws Exception {
    try (RawPeer peer = hub.dial().say(beginning)) {
      assertThat(peer.ended()).isTrue();
    }
    hub.receive(); // what the loop has begun, it has ended now
    assertThat(hub.refusals.of(Refusal.PROXY_HEADER)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "3111000ccb007105c000020104d201bb", // version 3
        "2511000ccb007105c000020104d201bb", // command 5
        "21110004cb007105", // too short for its family
        "2111ffff", // 64 KiB to come, of which 2 are waited for
      })
  void aBrokenVersionTwoIsClosedAndCounted(String header) throws Exception {
    try (RawPeer peer = hub.dial()) {
      peer.write(hex(SIGNATURE + header), new byte[3000]);
      assertThat(peer.ended()).isTrue();
    }
    hub.receive();
    assertThat(hub.refusals.of(Refusal.PROXY_HEADER)).isEqualTo(1);
  }

  @Test
  void aLineWithoutEndIsClosedAfter108Octets() throws Exception {
    try (RawPeer peer = hub.dial().say("PROXY TCP4 " + "1".repeat(108))) {
      assertThat(peer.ended()).isTrue();
    }
    hub.receive();
    assertThat(hub.refusals.of(Refusal.PROXY_HEADER)).isEqualTo(1);
  }

  @Test
  void aHealthCheckThatSaysNothingIsNoMistake() throws Exception {
    hub.dial().close();
    hub.receive();

    assertThat(hub.refusals.of(Refusal.PROXY_HEADER)).isZero();
  }

  @Test
  void othersComeInWithoutAHeader() throws Exception {
    try (LocalHub far = hub("10.0.0.0/8", true);
        RawPeer peer = far.dial().say(Requests.VPN_WS)) {
      assertThat(peer.head()).startsWith("HTTP/1.1 101 ");
    }
  }

  @Test
  void othersAreRefusedWithOne() throws Exception {
    try (LocalHub far = hub("10.0.0.0/8", true);
        RawPeer peer = far.dial().say("PROXY TCP4 203.0.113.5 192.0.2.1 1234 443\n")) {
      assertThat(peer.head()).startsWith("HTTP/1.1 400 ");
      assertThat(peer.ended()).isTrue();
    }
  }

  @Test
  void nobodyIsAskedForOneWithoutTheOption() throws Exception {
    try (LocalHub plain = hub("127.0.0.1", false);
        RawPeer peer = plain.dial().say("PROXY TCP4 203.0.113.5 192.0.2.1 1234 443\n")) {
      assertThat(peer.head()).startsWith("HTTP/1.1 400 ");
    }
  }

  @Test
  void xForwardedForNamesThePeer() throws Exception {
    String request = Requests.VPN_WS.replace("Host:", "X-Forwarded-For: 203.0.113.5\nHost:");
    try (LocalHub plain = hub("127.0.0.1", false);
        RawPeer peer = plain.dial().say(request)) {
      assertThat(peer.head()).startsWith("HTTP/1.1 101 ");
      assertThat(plain.peerPort().name()).startsWith("203.0.113.5:");
    }
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }
}
