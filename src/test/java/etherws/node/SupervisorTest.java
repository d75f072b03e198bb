package etherws.node;

import static org.assertj.core.api.Assertions.assertThat;

import etherws.linux.NotifyListener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisorTest {
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final String OTHER_PROCESS = "1";

  @TempDir private Path folder;

  @Test
  void hearsOfEachStateInItsOwnWords() {
    String address = folder.resolve("notify").toString();
    Supervisor supervisor = Supervisor.of(Map.of("NOTIFY_SOCKET", address));
    try (NotifyListener systemd = new NotifyListener(address)) {
      supervisor.ready("networks: lab");
      assertThat(systemd.next(SOON)).isEqualTo("READY=1\nSTATUS=networks: lab");

      supervisor.reloading();
      assertThat(systemd.next(SOON)).matches("(?s)RELOADING=1\nMONOTONIC_USEC=\\d+\nSTATUS=.*");

      supervisor.alive();
      assertThat(systemd.next(SOON)).isEqualTo("WATCHDOG=1");

      supervisor.stopping();
      assertThat(systemd.next(SOON)).startsWith("STOPPING=1\n");
    }
  }

  @Test
  void wantsSignsOfLifeTwiceInItsTime() {
    assertThat(pulse("WATCHDOG_USEC", "30000000")).isEqualTo(Duration.ofSeconds(15));
    assertThat(
            pulse("WATCHDOG_USEC", "30000000", "WATCHDOG_PID", "" + ProcessHandle.current().pid()))
        .isEqualTo(Duration.ofSeconds(15));
  }

  @Test
  void wantsNoSignsOfLifeFromOthersOrForNonsense() {
    assertThat(Supervisor.of(Map.of("NOTIFY_SOCKET", "@x")).pulse()).isNull();
    assertThat(pulse("WATCHDOG_USEC", "30000000", "WATCHDOG_PID", OTHER_PROCESS)).isNull();
    assertThat(pulse("WATCHDOG_USEC", "soon", "X", "")).isNull();
    assertThat(pulse("WATCHDOG_USEC", "0", "X", "")).isNull();
  }

  @Test
  void nobodyIsToldNothing() {
    Supervisor nobody = Supervisor.of(Map.of("WATCHDOG_USEC", "30000000"));

    nobody.ready("");
    nobody.stopping();

    assertThat(nobody.pulse()).isNull();
  }

  private static @Nullable Duration pulse(String key, String value) {
    return pulse(key, value, "X", "");
  }

  private static @Nullable Duration pulse(String key, String value, String key2, String value2) {
    return Supervisor.of(Map.of("NOTIFY_SOCKET", "@x", key, value, key2, value2)).pulse();
  }
}
