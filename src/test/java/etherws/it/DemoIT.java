package etherws.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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

  @Test
  void anOrdinaryUserMayRunItToo() throws Exception {
    try (Lab lab = Lab.open()) {
      assumeTrue(
          Command.of("setpriv", "--reuid", "65534", "--clear-groups", "unshare", "-Urmn", "true")
                  .run()
                  .status()
              == 0,
          "this kernel or container gives ordinary users no namespaces");
      String script =
          """
          set -e
          mknod "$0/tun" c 10 200 && chmod 666 "$0/tun" && mount --bind "$0/tun" /dev/net/tun
          mkdir "$0/target" && cp etherws "$0" && cp -r target/etherws.jar target/lib "$0/target"
          chmod -R a+rX "$0" && cd /
          exec setpriv --reuid 65534 --regid 65534 --clear-groups env HOME=/ "$0/etherws" demo
          """;

      Command.Result result =
          Command.of("unshare", "-m", "sh", "-c", script, lab.file("").toString())
              .within(Duration.ofSeconds(90))
              .run();

      assertThat(result.status()).as(result.toString()).isZero();
      assertThat(result.output()).contains("OK: frames cross the tunnel.");
    }
  }
}
