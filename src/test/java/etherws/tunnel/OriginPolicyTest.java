package etherws.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OriginPolicyTest {
  private final OriginPolicy policy = new OriginPolicy(Set.of("https://vm.example"));

  @ParameterizedTest
  @CsvSource({
    "https://hub.example, hub.example, true",
    "https://hub.example, hub.example:443, true",
    "http://hub.example:8080, hub.example:8080, true",
    "http://HUB.example, hub.EXAMPLE, true",
    "https://vm.example, hub.example, true",
    "https://vm.example:443, hub.example, true",
    "http://vm.example, hub.example, false",
    "https://evil.example, hub.example, false",
    "https://hub.example.evil.example, hub.example, false",
    "https://hub.example:444, hub.example, false",
    "null, hub.example, false",
    "hub.example, hub.example, true",
    "192.0.2.7:80, hub.example, true",
    "https://, hub.example, false",
    "http://a_b, c_d, false"
  })
  void judgesByTheOriginAlone(String origin, String host, boolean allowed) {
    assertThat(policy.allows(origin, host)).isEqualTo(allowed);
  }

  @Test
  void letsProgramsWithoutAnOriginPass() {
    assertThat(policy.allows(null, "hub.example")).isTrue();
  }

  @Test
  void refusesAPageWhenTheRequestNamesNoHost() {
    assertThat(policy.allows("https://hub.example", null)).isFalse();
  }
}
