package etherws.it;

import static org.assertj.core.api.Assertions.assertThat;

import etherws.testing.Command;
import etherws.testing.Host;
import etherws.testing.Lab;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a newcomer types first. */
class DemoIT {
  @Test
  void theDemoShowsTheMainJobAndCleansUp() throws Exception {
    Lab.open().close();

    Command.Result result = Command.of(Host.ETHERWS, "demo").within(Duration.ofSeconds(90)).run();

    assertThat(result.status()).as(result.toString()).isZero();
    assertThat(result.output())
        .contains("1000 of 1000 datagrams")
        .contains("Gbit/s")
        .contains("OK: frames cross the tunnel.");
    assertThat(Command.of("ip", "netns", "list").succeed()).doesNotContain("etherws-demo");
  }
}
