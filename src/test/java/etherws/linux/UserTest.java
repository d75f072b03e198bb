package etherws.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserTest {
  @Test
  void aNameBringsItsOwnGroup() {
    assertThat(User.of("nobody")).isEqualTo(new User("nobody", "nobody", 65534, 65534));
  }

  @Test
  void anotherGroupMayBeNamed() {
    assertThat(User.of("nobody:daemon")).isEqualTo(new User("nobody", "nobody", 65534, 1));
    assertThat(User.of("nobody:7")).isEqualTo(new User("nobody", "nobody", 65534, 7));
  }

  @Test
  void aNumberNeedsAGroup() {
    assertThat(User.of("4711:4712")).isEqualTo(new User("4711", null, 4711, 4712));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> User.of("4711"))
        .withMessage("user 4711 is in no list of users; write 4711:GROUP");
  }

  @ParameterizedTest
  @ValueSource(strings = {"no such user", "", ":", "a:b:c", "nobody:"})
  void whatReadsOtherwiseIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> User.of(text))
        .withMessageContaining("write USER or USER:GROUP");
  }

  @Test
  void whoDoesNotExistIsNamed() {
    assertThatExceptionOfType(LinuxException.class)
        .isThrownBy(() -> User.of("nosuchuser"))
        .withMessageContaining("there is no user of that name");
    assertThatExceptionOfType(LinuxException.class)
        .isThrownBy(() -> User.of("nobody:nosuchgroup"))
        .withMessageContaining("there is no group of that name");
  }
}
