package etherws.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etherws.tunnel.Proxy.Kind;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which proxies there are, and which is for whom. */
class ProxyTest {
  @ParameterizedTest
  @CsvSource({
    "http://p.example:3128, http://p.example:3128",
    "http://p.example/, http://p.example:1080",
    "p.example:8080, http://p.example:8080",
    "HTTPS://p.example, https://p.example:443",
    "socks5://192.0.2.1, socks5://192.0.2.1:1080",
    "socks5h://[2001:db8::1]:9050, socks5h://[2001:db8::1]:9050",
    "alice:secret@p.example:3128, http://p.example:3128",
    "http://alice:s%3Acr%40t@p.example:3128, http://p.example:3128"
  })
  void aUrlIsAProxyWithoutItsPasswordInMessages(String url, String proxy) {
    assertThat(Proxy.parse(url)).hasToString(proxy);
  }

  @Test
  void credentialsAreDecoded() {
    assertThat(Proxy.parse("http://al%20ice:s%3Acr%40t+@p"))
        .isEqualTo(new Proxy(Kind.HTTP, "p", 1080, "al ice", "s:cr@t+"));
    assertThat(Proxy.parse("http://alice@p").lacksPassword()).isTrue();
    assertThat(Proxy.parse("http://alice:@p").lacksPassword()).isFalse();
    assertThat(Proxy.parse("http://@p").lacksPassword()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "socks4://u:secret@p",
        "u:secret@",
        "http://u:secret@p:0",
        "http://u:se cret@p",
        "ftp://p",
        "http://u:secret@p:70000",
        "http://u:sec#ret@p",
        "//u:secret@p",
        ""
      })
  void whatIsNoProxyIsSaidWithoutThePassword(String url) {
    assertThatThrownBy(() -> Proxy.parse(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("[^\n]+(write|written)[^\n]+")
        .message()
        .doesNotContain("sec");
  }

  @Test
  void socksHasNoPlaceForALongPassword() {
    String long256 = "é".repeat(128);

    assertThat(Proxy.parse("http://u:" + long256 + "@p").password()).hasSize(128);
    assertThatThrownBy(() -> Proxy.parse("socks5://u:" + long256 + "@p"))
        .hasMessage("SOCKS has no place for a user or password of more than 255 octets");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http_proxy=a:1                            | wss://h/ | null",
        "http_proxy=a:1                            | ws://h/  | http://a:1",
        "https_proxy=a:1                           | wss://h/ | http://a:1",
        "https_proxy=a:1 HTTPS_PROXY=b:1           | wss://h/ | http://a:1",
        "HTTPS_PROXY=b:1                           | wss://h/ | http://b:1",
        "HTTP_PROXY=b:1                            | ws://h/  | null",
        "all_proxy=socks5h://c:1                   | ws://h/  | socks5h://c:1",
        "all_proxy=c:1 https_proxy=a:1             | wss://h/ | http://a:1",
        "https_proxy= ALL_PROXY=c:1                | wss://h/ | http://c:1",
        "https_proxy=a:1 no_proxy=h                | wss://h/ | null",
        "https_proxy=a:1 NO_PROXY=h                | wss://h/ | null",
        "https_proxy=a:1 no_proxy=x NO_PROXY=h     | wss://h/ | http://a:1",
        "https_proxy=a:1                           | wss://localhost/ | null",
        "https_proxy=a:1                           | wss://127.9.9.9/ | null",
        "https_proxy=a:1                           | wss://[::1]/     | null",
      })
  void theEnvironmentCountsAsForCurl(String environment, String uri, String proxy) {
    Map<String, String> variables = new HashMap<>();
    for (String assignment : environment.split(" ", -1)) {
      String[] parts = assignment.split("=", 2);
      variables.put(parts[0], parts[1]);
    }

    assertThat(String.valueOf(Proxies.of(variables).toward(TunnelUri.parse(uri)))).isEqualTo(proxy);
  }

  @Test
  void aVariableThatIsWrongIsNamed() {
    assertThatThrownBy(() -> Proxies.of(Map.of("https_proxy", "socks4://u:secret@p")))
        .hasMessage(
            "https_proxy in the environment: socks4://***@p is no proxy that we know: write"
                + " http://, https://, socks5:// or socks5h://");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "example.com           | example.com example.com. WWW.Example.COM a.b.example.com",
        ".example.com          | example.com www.example.com",
        "*.example.com         | www.example.com",
        "a.example, b.example  | a.example b.example",
        "a.example b.example   | a.example b.example",
        "*                     | anything.at.all 192.0.2.1 2001:db8::1",
        "192.0.2.1             | 192.0.2.1",
        "192.0.2.0/25          | 192.0.2.1 192.0.2.127",
        "0.0.0.0/0             | 192.0.2.1",
        "2001:db8::/32         | 2001:db8:ffff::1",
        "[2001:db8::1]         | 2001:db8:0::1",
      })
  void noProxyCovers(String list, String hosts) {
    assertThat(hosts.split(" ", -1)).allMatch(NoProxy.parse(list)::covers);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "example.com           | badexample.com example.com.org com",
        "192.0.2.0/25          | 192.0.2.128 ::c000:0201 host.example",
        "192.0.2               | 192.0.2.1",
        "192.0.2.1/33          | 192.0.2.1",
        "192.0.2.1/-1          | 192.0.2.1",
        "192.0.2.1/x           | 192.0.2.1",
        "2001:db8::/32         | 2001:db9::1 192.0.2.1",
        "2.1                   | 192.0.2.1",
        "a*                    | abc",
        "''                    | h 192.0.2.1",
      })
  void noProxyDoesNotCover(String list, String hosts) {
    assertThat(hosts.split(" ", -1)).noneMatch(NoProxy.parse(list)::covers);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host: x",
        "host: x",
        "Upgrade: x",
        "Connection: x",
        "Content-Length: 1",
        "Transfer-Encoding: chunked",
        "Sec-WebSocket-Key: x",
        "sec-websocket-extensions: x",
        "Proxy-Authorization: x",
        "X: a\r\nY: b",
        "X: a\nb",
        "X: a\0",
        "X: é",
        "X",
        ": x",
        "X y: z",
        "X : y",
        ""
      })
  void headersOfTheHandshakeAndBrokenOnesAreRefused(String header) {
    assertThatThrownBy(() -> Header.parse(header))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("[^\n\r]+");
  }

  @Test
  void aHeaderIsItsNameInMessages() {
    Header header = Header.parse("X-Token:  the secret\t");

    assertThat(header).isEqualTo(new Header("X-Token", "the secret")).hasToString("X-Token");
    assertThat(Header.parse("X:")).isEqualTo(new Header("X", ""));
  }

  @ParameterizedTest
  @CsvSource({
    "hub.example, hub.example",
    "hub.example:8443, hub.example",
    "192.0.2.1, 192.0.2.1",
    "[::1]:80, [::1]"
  })
  void aHostIsTheNameInTls(String host, String name) {
    Route route = new Route(Proxies.NONE, null, java.util.List.of(), Route.host(host));

    assertThat(route.nameOf(TunnelUri.parse("wss://other/"))).isEqualTo(name);
    assertThat(Route.DIRECT.nameOf(TunnelUri.parse("wss://other:1/"))).isEqualTo("other");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/b", "u@h", "h:x", "h?x", "h#x", "a b", "a\r\nb", "", ":80", "::1"})
  void whatIsNoHostIsRefused(String host) {
    assertThatThrownBy(() -> Route.host(host)).hasMessageEndingWith("write NAME or NAME:PORT");
  }
}
