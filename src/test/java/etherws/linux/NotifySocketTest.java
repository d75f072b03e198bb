package etherws.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotifySocketTest {
  private static final Duration SOON = Duration.ofSeconds(5);

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"path", "@etherws-test-"})
  void sendsADatagramToAPathAndToAnAbstractName(String kind) {
    String address =
        kind.startsWith("@")
            ? kind + ProcessHandle.current().pid()
            : folder.resolve("notify").toString();
    try (NotifyListener manager = new NotifyListener(address)) {
      assertThat(new NotifySocket(address).send("READY=1\nSTATUS=ümlaut")).isZero();
      assertThat(new NotifySocket(address).send("WATCHDOG=1")).isZero();

      assertThat(manager.next(SOON)).isEqualTo("READY=1\nSTATUS=ümlaut");
      assertThat(manager.next(SOON)).isEqualTo("WATCHDOG=1");
      assertThat(manager.next(Duration.ZERO)).isEmpty();
    }
  }

  @Test
  void nobodyThereIsAnErrorNumber() {
    String gone = folder.resolve("gone").toString();

    assertThat(new NotifySocket(gone).send("READY=1")).isEqualTo(-Errno.ENOENT.number());
    assertThat(new NotifySocket("").send("READY=1")).isEqualTo(-Errno.EINVAL.number());
    assertThat(new NotifySocket("/" + "x".repeat(108)).send("READY=1"))
        .isEqualTo(-Errno.EINVAL.number());
  }
}
