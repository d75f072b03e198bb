package etherws.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
  @ParameterizedTest
  @CsvSource({
    "mtu, mtu, 0",
    "mut, mtu, 1",
    "mt, mtu, 1",
    "mtuu, mtu, 1",
    "mto, mtu, 1",
    "'', mtu, 3",
    "pvdi, vid, 2",
    "isolatde, isolated, 1"
  })
  void countsWhatAHandGetsWrong(String word, String meant, int distance) {
    assertThat(Nearest.distance(word, meant)).isEqualTo(distance);
    assertThat(Nearest.distance(meant, word)).isEqualTo(distance);
  }

  @Test
  void takesTheNearestThatIsNear() {
    assertThat(Nearest.of("prot", List.of("path", "port"))).isEqualTo("port");
    assertThat(Nearest.of("porrrt", List.of("path", "port"))).isEqualTo("port");
    assertThat(Nearest.of("porrrrt", List.of("path", "port"))).isNull();
  }

  @Test
  void findsNothingNearInWordsThatAreAllDifferent() {
    assertThat(Nearest.of("xy", List.of("up"))).isNull();
    assertThat(Nearest.of("", List.of("up"))).isNull();
  }
}
