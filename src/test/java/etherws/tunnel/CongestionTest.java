package etherws.tunnel;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CongestionTest {
  @Test
  void isBbrWhereTheKernelHasItAndElseTheKernelsDefault() throws Exception {
    assertThat(Congestion.choose(null).algorithm())
        .isEqualTo(available().matches(".*\\bbbr\\b.*") ? "bbr" : null);
  }

  @Test
  void isWhatTheOperatorChose() {
    assertThat(Congestion.choose("reno").algorithm()).isEqualTo("reno"); // in every kernel
  }

  @Test
  void whatTheKernelLacksIsRefusedInALineThatNamesWhatItHas() throws Exception {
    String all = String.join(", ", available().split(" "));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Congestion.choose("vegas9"))
        .withMessage(
            "congestion control vegas9 is not to be had: this kernel has %s;"
                + " try modprobe tcp_vegas9",
            all);
  }

  @Test
  void theOptionIsTheNameWithZerosBehindIt() {
    byte[] name = new byte[16];
    Congestion.choose("reno").option().get(name);

    assertThat(new String(name, US_ASCII)).isEqualTo("reno" + "\0".repeat(12));
  }

  /** To root; others may use less. */
  private static String available() throws IOException {
    boolean root = etherws.linux.LibC.geteuid() == 0;
    String sysctl = root ? "tcp_available_congestion_control" : "tcp_allowed_congestion_control";
    return Files.readString(Path.of("/proc/sys/net/ipv4", sysctl)).trim();
  }
}
