package etherws.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HiddenArgumentsTest {
  @ParameterizedTest
  @CsvSource({
    "wss://bob:s3cr%40t@hub.example/lab, wss://bob:********@hub.example/lab",
    "--uri=ws://bob:pass@[::1]:80/?a=b, --uri=ws://bob:****@[::1]:80/?a=b",
    "http://proxy:a@b@host:3128, http://proxy:***@host:3128",
    "--proxy=bob:s3@host:3128, --proxy=bob:**@host:3128",
    "bob:s3@host, bob:**@host",
    "--passwd=s3cr3t, --passwd=******",
    "--ctlpasswd=pässe, --ctlpasswd=******",
  })
  void onlyThePasswordIsCovered(String argument, String shown) {
    assertThat(HiddenArguments.hidden(List.of("client", argument)))
        .containsExactly("client", shown);
  }

  @ParameterizedTest
  @CsvSource({
    "wss://bob@hub.example:443/lab",
    "wss://bob@hub.example:443",
    "wss://hub.example:443/lab",
    "--passwd-file=/etc/etherws/password",
    "--pid-file=/run/a:b@c"
  })
  void whatHoldsNoPasswordStays(String argument) {
    assertThat(HiddenArguments.hidden(List.of(argument))).containsExactly(argument);
  }

  @Test
  void theWordBehindAnOptionIsCovered() {
    assertThat(HiddenArguments.hidden(List.of("ctl", "--ctlpasswd", "x y", "addport", "client")))
        .containsExactly("ctl", "--ctlpasswd", "***", "addport", "client");
    assertThat(HiddenArguments.hidden(List.of("--passwd", "--passwd", "--passwd")))
        .containsExactly("--passwd", "********", "--passwd");
  }
}
