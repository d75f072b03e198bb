package etherws.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  private record Sample(int aNumber, @Nullable String text, List<LogLevel> levels, Instant when) {}

  @Test
  void recordsAreObjectsInSnakeCase() {
    Sample sample = new Sample(7, "a\"\n\u2028", List.of(LogLevel.WARN), Instant.EPOCH);

    assertThat(new String(Json.write(sample), UTF_8))
        .isEqualTo(
            "{\"a_number\":7,\"text\":\"a\\\"\\n\u2028\",\"levels\":[\"warn\"],"
                + "\"when\":\"1970-01-01T00:00:00Z\"}");
  }

  @Test
  void readsWhatItWrites() {
    Map<String, @Nullable Object> object =
        Map.of("a", Arrays.asList(1L, -2.5, true, null, "x"), "b", Map.of("c", List.of()));

    assertThat(Json.read(new String(Json.write(object), UTF_8))).isEqualTo(object);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{} {}", "{\"a\"}", "[1,]", "tru", "[1e999]", "{\"a\":1}}"})
  void refusesWhatIsNotOneValue(String text) {
    assertThatThrownBy(() -> Json.read(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesWhatWouldOverflowTheStack() {
    assertThatThrownBy(() -> Json.read("[".repeat(100_000)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
