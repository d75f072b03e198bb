package etherws.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LinuxExceptionTest {
  private final LinuxException eperm = new LinuxException("TUNSETIFF", "ethws0", 1);

  @Test
  void saysWhichCallOnWhatAndWhy() {
    assertThat(eperm).hasMessage("TUNSETIFF ethws0: Operation not permitted (EPERM)");
    assertThat(eperm.errno()).isEqualTo(1);
    assertThat(eperm.is(Errno.EPERM)).isTrue();
    assertThat(eperm.is(Errno.EBUSY)).isFalse();
  }

  @Test
  void putsAdviceBehind() {
    assertThat(eperm.withHint("try as root"))
        .hasMessage("TUNSETIFF ethws0: Operation not permitted (EPERM); try as root")
        .matches(e -> e.errno() == 1);
  }

  @Test
  void namesAnErrorItDoesNotKnowByNumber() {
    assertThat(new LinuxException("ioctl", "ethws0", 133)).hasMessage("ioctl ethws0: error 133");
  }
}
