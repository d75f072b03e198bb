package etherws.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CloseCodeTest {
  @ParameterizedTest
  @ValueSource(ints = {1000, 1001, 1002, 1003, 1007, 1010, 1011, 1014, 3000, 3999, 4000, 4999})
  void registeredAndPrivateCodesMayBeSent(int code) {
    assertThat(CloseCode.mayBeSent(code)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535})
  void otherCodesMayNot(int code) {
    assertThat(CloseCode.mayBeSent(code)).isFalse();
  }
}
