package etherws.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import etherws.auth.Authenticator;
import etherws.auth.Htpasswd;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a hub says to whoever is not let in, to the letter. */
class HubAnswersTest {
  /** User and password are both {@code alice}. */
  private static final String HTPASSWD = "alice:{SHA}UisnajVr3zkBPfq+os1D4UHsyeg=\n";

  @TempDir private Path folder;

  @Test
  void aStrangerIsToldToNameItself() throws Exception {
    try (Authenticator authenticator = authenticator();
        LocalHub hub = new LocalHub("/", null, authenticator);
        RawPeer peer = hub.dial().say("GET / HTTP/1.1\n\n")) {
      assertThat(peer.head().lines())
          .containsExactlyInAnyOrder(
              "HTTP/1.1 401 Authorization Required",
              "www-authenticate: Basic realm=\"etherws\"",
              "content-length: 0",
              "connection: close");
      assertThat(peer.ended()).isTrue();
    }
  }

  @Test
  void aStrangerLearnsNothingOfPaths() throws Exception {
    try (Authenticator authenticator = authenticator();
        LocalHub hub = new LocalHub("/net", null, authenticator);
        RawPeer peer = hub.dial().say("POST /elsewhere HTTP/1.1\nHost: HOST\n\n")) {
      assertThat(peer.head()).startsWith("HTTP/1.1 401 Authorization Required\r\n");
    }
  }

  @ParameterizedTest
  @CsvSource({"YWxpY2U6YWxpY2U=, 101", "YWxpY2U6Ym9i, 401", "nonsense, 401"})
  void oldEtherwsComesInByItsPassword(String credentials, String status) throws Exception {
    String request =
        Requests.OLD_ETHERWS.replace(
            "Version: 13\n", "Version: 13\nAuthorization: Basic " + credentials + "\n");
    try (Authenticator authenticator = authenticator();
        LocalHub hub = new LocalHub("/", null, authenticator);
        RawPeer peer = hub.dial().say(request)) {
      assertThat(peer.head()).startsWith("HTTP/1.1 " + status + " ");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/net, /net, 101",
    "/net, /net/, 101",
    "/net/, /net, 101",
    "/net, /net?user=1, 101",
    "/, /?x, 101",
    "/net, /, 404",
    "/net, /network, 404",
    "/, /net, 404"
  })
  void theNetworkIsFoundByItsPath(String path, String target, String status) throws Exception {
    try (LocalHub hub = new LocalHub(path, null, null);
        RawPeer peer = hub.dial().say(Requests.VPN_WS.replace("GET /", "GET " + target))) {
      assertThat(peer.head()).startsWith("HTTP/1.1 " + status + " ");
      assertThat(status.equals("101") || peer.ended()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "etherws.v2|true",
        "chat, etherws.v2|true",
        "chat|false",
        "etherws.v22|false",
        "etherws|false",
        "ETHERWS.V2|false"
      })
  void theFasterWireIsSelectedIfItIsOffered(String offer, boolean selected) throws Exception {
    String request =
        Requests.BROWSER.replace(
            "Version: 13\n", "Version: 13\nSec-WebSocket-Protocol: " + offer + "\n");
    try (LocalHub hub = new LocalHub("/", null, null);
        RawPeer peer = hub.dial().say(request)) {
      assertThat(peer.head().lines())
          .startsWith("HTTP/1.1 101 Switching Protocols")
          .filteredOn(line -> line.startsWith("sec-websocket-protocol"))
          .isEqualTo(selected ? List.of("sec-websocket-protocol: etherws.v2") : List.of());
    }
  }

  @Test
  void aFullNetworkTakesNobodyUntilSomebodyLeaves() throws Exception {
    try (LocalHub hub = new LocalHub("/", null, null)) {
      hub.maxPeers(1);
      try (RawPeer first = hub.dial().say(Requests.VPN_WS);
          RawPeer second = hub.dial().say(Requests.VPN_WS)) {
        List<String> heads = List.of(first.head(), second.head());
        assertThat(heads).anyMatch(head -> head.startsWith("HTTP/1.1 101 "));
        assertThat(heads).anyMatch(head -> head.startsWith("HTTP/1.1 503 "));
      }
      assertThat(comesIn(hub)).isTrue();
    }
  }

  /** Tries until the hub has seen others leave. */
  private static boolean comesIn(LocalHub hub) throws Exception {
    for (int tries = 0; tries < 100; tries++) {
      try (RawPeer peer = hub.dial().say(Requests.VPN_WS)) {
        if (peer.head().startsWith("HTTP/1.1 101 ")) {
          return true;
        }
      }
    }
    return false;
  }

  @Test
  void otherPagesMayConnectOnceTheyAreAllowed() throws Exception {
    String request = Requests.BROWSER.replaceFirst("Origin: .*\n", "Origin: https://new.example\n");
    try (LocalHub hub = new LocalHub("/", null, null);
        RawPeer before = hub.dial().say(request)) {
      assertThat(before.head()).startsWith("HTTP/1.1 403 ");

      hub.allow("https://new.example");

      try (RawPeer after = hub.dial().say(request)) {
        assertThat(after.head()).startsWith("HTTP/1.1 101 ");
      }
    }
  }

  @Test
  void theOfferMayBeInAHeaderOfItsOwn() throws Exception {
    String request =
        Requests.OLD_ETHERWS.replace(
            "Version: 13\n", "Version: 13\nSec-WebSocket-Protocol: etherws.v2\n");
    try (LocalHub hub = new LocalHub("/", null, null);
        RawPeer peer = hub.dial().say(request)) {
      assertThat(peer.head()).contains("\r\nsec-websocket-protocol: etherws.v2");
    }
  }

  @Test
  void onlyGetIsAllowed() throws Exception {
    try (LocalHub hub = new LocalHub("/", null, null);
        RawPeer peer = hub.dial().say(Requests.BROWSER.replace("GET", "POST"))) {
      assertThat(peer.head()).startsWith("HTTP/1.1 405 ").contains("\r\nallow: GET");
      assertThat(peer.ended()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\nHost: HOST\n\n",
        """
        GET / HTTP/1.1
        Host: HOST
        Upgrade: websocket
        Connection: Upgrade
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
        Sec-WebSocket-Version: 8

        """
      })
  void whoeverSpeaksAnotherProtocolIsToldTheOneWeSpeak(String request) throws Exception {
    try (LocalHub hub = new LocalHub("/", null, null);
        RawPeer peer = hub.dial().say(request)) {
      assertThat(peer.head())
          .startsWith("HTTP/1.1 426 Upgrade Required\r\n")
          .contains("\r\nupgrade: websocket")
          .contains("\r\nsec-websocket-version: 13");
      assertThat(peer.ended()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-OpenSSH_10.0\n",
        "GET / HTTP/1.1\nHost: HOST\nUpgrade: websocket\nConnection: Upgrade\n\n",
        "GET / HTTP/1.0\nUpgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Key: a\n\n"
      })
  void nonsenseIsABadRequest(String request) throws Exception {
    try (LocalHub hub = new LocalHub("/", null, null);
        RawPeer peer = hub.dial().say(request)) {
      assertThat(peer.head()).startsWith("HTTP/1.1 400 ");
      assertThat(peer.ended()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host: b",
        "Origin: http://b",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version: 13",
        "Transfer-Encoding: chunked",
        "Content-Length: 3"
      })
  void whatCanBeReadInTwoWaysIsABadRequest(String header) throws Exception {
    try (LocalHub hub = new LocalHub("/", null, null);
        RawPeer peer = hub.dial().say(Requests.BROWSER.replace("\n\n", "\n" + header + "\n\n"))) {
      assertThat(peer.head()).startsWith("HTTP/1.1 400 ");
      assertThat(peer.ended()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({"1048576, 1, 431", "1, 100, 431", "1, 80, 101"})
  void aRefusalArrivesHoweverMuchWasSaid(int octets, int headers, String status) throws Exception {
    String header = "a: " + "b".repeat(octets) + "\n";
    String request = Requests.BROWSER.replace("\n\n", "\n" + header.repeat(headers) + "\n");
    try (LocalHub hub = new LocalHub("/", null, null);
        RawPeer peer = hub.dial().say(request)) {
      assertThat(peer.head()).startsWith("HTTP/1.1 " + status + " ");
    }
  }

  private Authenticator authenticator() throws Exception {
    Path file = Files.writeString(folder.resolve("htpasswd"), HTPASSWD);
    return new Authenticator(
        Htpasswd.load(file),
        new SecureRandom(),
        System::nanoTime,
        Thread.ofPlatform().daemon().factory());
  }
}
