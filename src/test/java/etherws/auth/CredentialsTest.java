package etherws.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsTest {
  @Test
  void readsTheExampleOfTheStandard() {
    assertParses("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "Aladdin", "open sesame");
  }

  @Test
  void readsUtf8() {
    assertParses("Basic dGVzdDoxMjPCow==", "test", "123£"); // the other example
  }

  @ParameterizedTest
  @ValueSource(strings = {"basic YTpi", "BASIC YTpi", "Basic   YTpi", "Basic YTpi ", "Basic YTpi"})
  void takesTheSchemeInAnyCaseAndSpacesAround(String header) {
    assertParses(header, "a", "b");
  }

  @Test
  void splitsAtTheFirstColon() {
    assertParses(basic("user:a:b:c"), "user", "a:b:c");
  }

  @Test
  void takesAnEmptyPassword() {
    assertParses(basic("user:"), "user", "");
  }

  @Test
  void takesBase64WithoutPadding() {
    assertParses("Basic dXNlcjo", "user", "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Basic",
        "Basic ",
        "YTpi",
        "Bearer YTpi",
        "BasicYTpi",
        "Basic\tYTpi",
        "Basic YT*i",
        "Basic YT pi",
        "Basic YTpi=",
        "Basic Y",
        "Basic dXNlcg==", // user
        "Digest username=\"a\"",
      })
  void refusesWhatIsNotBasicCredentials(String header) {
    assertThat(Credentials.parse(header)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"us\ner:x", "user:x\0", "user:\t", "user:\u007f", "user:\u0085"})
  void refusesControlCharacters(String text) {
    assertThat(Credentials.parse(basic(text))).isNull();
  }

  @Test
  void refusesWhatIsNotUtf8() {
    byte[] octets = "user:pässword".getBytes(ISO_8859_1);
    assertThat(Credentials.parse("Basic " + Base64.getEncoder().encodeToString(octets))).isNull();
  }

  @Test
  void boundsTheHeader() {
    String header = basic("u".repeat(3062) + ":x");
    assertThat(header.length()).isEqualTo(Credentials.MAX_HEADER_LENGTH - 2);
    assertThat(Credentials.parse(header)).isNotNull();
    assertThat(Credentials.parse(header + "  ")).isNotNull();
    assertThat(Credentials.parse(header + "   ")).isNull();
  }

  @Test
  void boundsThePassword() {
    assertThat(Credentials.parse(basic("user:" + "x".repeat(512)))).isNotNull();
    assertThat(Credentials.parse(basic("user:" + "x".repeat(513)))).isNull();
  }

  @Test
  void readsWhatAClientWritesAndNeverThrows() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 10_000; i++) {
      byte[] octets = new byte[random.nextInt(24)];
      random.nextBytes(octets);
      String header = "Basic " + Base64.getEncoder().encodeToString(octets);
      Credentials credentials = Credentials.parse(header);
      if (credentials != null) {
        String text = credentials.user() + ":" + new String(credentials.password(), UTF_8);
        assertThat(basic(text)).as("seed %d", seed).isEqualTo(header);
      }
      assertThat(Credentials.parse(new String(octets, ISO_8859_1))).as("seed %d", seed).isNull();
    }
  }

  @Test
  void doesNotTellThePassword() {
    assertThat(Credentials.parse(basic("user:hunter2"))).hasToString("Credentials[user]");
  }

  private static String basic(String text) {
    return "Basic " + Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  private static void assertParses(String header, String user, String password) {
    Credentials credentials = requireNonNull(Credentials.parse(header));
    assertThat(credentials.user()).isEqualTo(user);
    assertThat(credentials.password()).isEqualTo(password.getBytes(UTF_8));
  }
}
