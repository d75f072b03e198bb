package etherws.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TunnelUriTest {
  @ParameterizedTest
  @CsvSource({
    "ws://hub.example/, false, hub.example, 80, /, hub.example",
    "wss://hub.example/, true, hub.example, 443, /, hub.example",
    "ws://hub.example, false, hub.example, 80, /, hub.example",
    "WSS://hub.example:8443/lab, true, hub.example, 8443, /lab, hub.example:8443",
    "ws://192.0.2.1:80/lab/?x=1, false, 192.0.2.1, 80, /lab/?x=1, 192.0.2.1",
    "wss://[2001:db8::1]/, true, 2001:db8::1, 443, /, [2001:db8::1]",
    "wss://[::1]:9000/a%20b, true, ::1, 9000, /a%20b, [::1]:9000"
  })
  void takesApart(
      String text, boolean tls, String host, int port, String target, String hostHeader) {
    TunnelUri uri = TunnelUri.parse(text);

    assertThat(uri).isEqualTo(new TunnelUri(tls, host, port, target, null, null));
    assertThat(uri.hostHeader()).isEqualTo(hostHeader);
  }

  @Test
  void readsUserAndPasswordAndNeverPrintsThePassword() {
    TunnelUri uri = TunnelUri.parse("wss://al%40ice:s%3Acr+t@hub.example/");

    assertThat(uri.user()).isEqualTo("al@ice");
    assertThat(uri.password()).isEqualTo("s:cr+t");
    assertThat(uri.toString()).isEqualTo("wss://hub.example/");
  }

  @Test
  void aUserWithoutAPasswordHasNone() {
    assertThat(TunnelUri.parse("ws://alice@hub/").password()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://hub/",
        "hub",
        "ws:///",
        "ws://",
        "ws://hub:99999/",
        "ws://a b/",
        "ws://hub:0/"
      })
  void refusesWhatItCannotDialInOneLine(String text) {
    assertThatThrownBy(() -> TunnelUri.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .isNotBlank()
        .doesNotContain("\n");
  }

  @Test
  void hidesThePasswordInErrors() {
    assertThatThrownBy(() -> TunnelUri.parse("http://alice:secret@hub/"))
        .message()
        .doesNotContain("secret");
    assertThatThrownBy(() -> TunnelUri.parse("ws://alice:sec ret@hub/"))
        .message()
        .doesNotContain("ret@");
    assertThatThrownBy(() -> TunnelUri.parse("ws://alice:sec/ret@hub/"))
        .message()
        .doesNotContain("sec");
    assertThatThrownBy(() -> TunnelUri.parse("ws://alice:sec:r@et@hub/ x"))
        .message()
        .doesNotContain("sec");
  }
}
