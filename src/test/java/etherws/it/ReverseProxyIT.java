package etherws.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.testing.ReverseProxies;
import etherws.testing.ReverseProxies.Way;
import etherws.testing.ReverseProxy;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The configurations of {@code docs/proxies}, each way through each of them. */
class ReverseProxyIT {
  private static final String UPGRADE =
      """
      GET /PROXY-ws-ws HTTP/1.1
      Host: HOST
      Upgrade: websocket
      Connection: Upgrade
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
      Sec-WebSocket-Version: 13
      Sec-WebSocket-Protocol: chat, etherws.v2
      Authorization: AUTHORIZATION
      """;

  /**
   * Sends each request from an address on a connection of its own and prints the answers' heads.
   */
  private static final String ASK =
      """
      import socket, ssl, sys
      source, address, port, name = sys.argv[1:5]
      heads = []
      for request in sys.stdin.read().split("\\0"):
          s = socket.create_connection((address, int(port)), 10, (source, 0))
          if port != "80":
              s = ssl._create_unverified_context().wrap_socket(s, server_hostname=name)
          s.sendall(request.replace("\\n", "\\r\\n").encode())
          answer = b""
          while b"\\r\\n\\r\\n" not in answer:
              octets = s.recv(4096)
              if not octets:
                  break
              answer += octets
          heads.append(answer.split(b"\\r\\n\\r\\n")[0].decode())
      print("\\0".join(heads))
      """;

  /** Sends a request 70 times at once from an address and prints the head of the first 429. */
  private static final String FLOOD =
      """
      import select, socket, sys
      source, address, port, name = sys.argv[1:5]
      request = sys.stdin.read().replace("\\n", "\\r\\n").encode()
      asked = {}
      for i in range(70):
          s = socket.create_connection((address, int(port)), 10, (source, 0))
          s.sendall(request)
          asked[s] = b""
      while asked:
          for s in select.select(list(asked), [], [], 10)[0]:
              octets = s.recv(4096)
              asked[s] += octets
              if b" 429 " in asked[s] and b"\\r\\n\\r\\n" in asked[s]:
                  print(asked[s].split(b"\\r\\n\\r\\n")[0].decode())
                  sys.exit()
              if not octets:
                  del asked[s]
      """;

  private static ReverseProxies world;

  @BeforeAll
  static void open() throws Exception {
    world = ReverseProxies.open();
    world.startProxies();
    world.dialIn();
  }

  @AfterAll
  static void close() throws Exception {
    if (world != null) {
      world.close();
    }
  }

  private static List<String> ask(ReverseProxy proxy, int port, String... requests) {
    return ask(ASK, proxy, port, 5, requests);
  }

  /**
   * Has a script ask a proxy.
   *
   * @param source the last octet of the address to do so from
   */
  private static List<String> ask(
      String script, ReverseProxy proxy, int port, int source, String... requests) {
    String all = Stream.of(requests).map(request -> request + "\n").collect(joining("\0"));
    String answers =
        world
            .people
            .command(
                "python3",
                "-c",
                script,
                proxy.people(source),
                proxy.address(),
                String.valueOf(port),
                proxy.hostname())
            .input(
                all.replace("HOST", proxy.hostname())
                    .replace("PROXY", proxy.name())
                    .replace("AUTHORIZATION", basic("alice:secret")))
            .within(Duration.ofSeconds(15))
            .succeed();
    return List.of(answers.replace("\r\n", "\n").split("\0", -1));
  }

  private static String basic(String credentials) {
    return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8));
  }

  @Test
  void framesCrossAndTheHubKnowsTheTrueAddressByEveryWay() {
    for (Way way : world.ways) {
      assertThat(world.people.pings(way.hubTap(), 3)).as(way.network()).isTrue();
      assertThat(world.client(way))
          .as(way.network())
          .contains("\"address\":\"" + way.proxy().people(2) + ":")
          .contains("\"wire\":\"v2\"")
          .contains(way.network().endsWith("wss") ? "\"tls\":\"TLSv1.3" : "\"tls\":null");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {80, 443, 4433})
  void answersArriveUnharmed(int port) {
    String page =
        "GET /PROXY-ws-ws HTTP/1.1\nHost: HOST\nAuthorization: " + basic("alice:secret") + "\n";
    for (ReverseProxy proxy : world.proxies) {
      List<String> answers =
          ask(
              proxy,
              port,
              UPGRADE,
              "GET / HTTP/1.1\nHost: HOST\n",
              UPGRADE.replace("/PROXY-ws-ws", "/nowhere"),
              UPGRADE.replace("GET", "DELETE"),
              page);

      assertThat(answers)
          .as(proxy.name())
          .extracting(answer -> answer.split(" ", -1)[1])
          .containsExactly("101", "401", "404", "405", "426");
      assertThat(answers.get(0))
          .as(proxy.name())
          .containsIgnoringCase("\nupgrade: websocket")
          .containsIgnoringCase("\nconnection: upgrade")
          .containsIgnoringCase("\nsec-websocket-protocol: etherws.v2")
          .containsIgnoringCase("\nsec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
      assertThat(answers.get(1))
          .containsIgnoringCase("\nwww-authenticate: Basic realm=\"etherws\"");
      assertThat(answers.get(3)).containsIgnoringCase("\nallow: GET");
      assertThat(answers.get(4)).containsIgnoringCase("\nsec-websocket-version: 13");
    }
  }

  @ParameterizedTest
  @CsvSource({"80, http://HOST", "443, https://HOST", "4433, https://HOST:4433"})
  void onlyPagesOfTheHubsOwnNameAndThoseAllowedComeIn(int port, String own) {
    String request = UPGRADE.replace("Host: HOST", "Host: " + own.replaceFirst(".*//", ""));
    List<String> origins =
        List.of(own, "https://vm.example", "https://evil.example", "http://10.8.1.2:8080", "null");
    for (ReverseProxy proxy : world.proxies) {
      List<String> answers =
          ask(
              proxy,
              port,
              origins.stream()
                  .map(origin -> request + "Origin: " + origin + "\n")
                  .toArray(String[]::new));

      assertThat(answers)
          .as(proxy.name())
          .extracting(answer -> answer.split(" ", -1)[1])
          .containsExactly("101", "101", "403", "403", "403");
    }
  }

  @Test
  void whatAClientClaimsOfItsAddressIsNotBelieved() throws Exception {
    for (ReverseProxy proxy : world.proxies) {
      String request = UPGRADE + "X-Forwarded-For: 192.0.2.77\nForwarded: for=192.0.2.77\n";
      assertThat(ask(ASK, proxy, 443, 4, request).getFirst()).startsWith("HTTP/1.1 101 ");
      assertThat(world.read("hub.log"))
          .containsPattern("alice@" + proxy.people(4) + ":\\d+ joined .* through the proxy 10.8.")
          .doesNotContain("192.0.2.77");
    }
  }

  @Test
  void whoGuessesIsSlowedDownAndNobodyElseBehindTheSameProxy() {
    String guess = UPGRADE.replace("AUTHORIZATION", basic("alice:wrong"));
    for (ReverseProxy proxy : world.proxies) {
      assertThat(ask(FLOOD, proxy, 80, 3, guess).getFirst())
          .as(proxy.name())
          .startsWith("HTTP/1.1 429 ")
          .containsIgnoringCase("\nretry-after: ");

      assertThat(ask(ASK, proxy, 80, 4, UPGRADE).getFirst())
          .as(proxy.name())
          .startsWith("HTTP/1.1 101 ");
    }
  }
}
