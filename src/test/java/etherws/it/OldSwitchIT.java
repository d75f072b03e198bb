package etherws.it;

import static etherws.testing.Pair.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.testing.Command;
import etherws.testing.Host;
import etherws.testing.Lab;
import etherws.testing.Pair;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The scripts of etherws 1.x's manual: two switches, whose ports come and go by {@code ctl}. */
class OldSwitchIT {
  private Pair pair;

  @BeforeEach
  void open() throws Exception {
    pair = Pair.open();
    for (Host host : new Host[] {pair.server, pair.client}) {
      host.etherws("sw", "--pid-file", pair.file(host.name() + ".pid")).succeed();
    }
  }

  @AfterEach
  void close() throws Exception {
    if (pair != null) {
      pair.close();
    }
  }

  @Test
  void theManualsScriptJoinsTwoNetworks() {
    join();

    assertThat(pair.client.pings("192.0.2.10", 5)).isTrue();
    assertThat(pair.client.etherws("ctl", "listport").succeed())
        .containsPattern("Port +Type +State +RX +TX +Target")
        .containsPattern("1 +tap +up +\\d+ +\\d+ +ethws0")
        .containsPattern("2 +client +up +\\d+ +\\d+ +ws://" + SERVER + "/");
    assertThat(pair.server.etherws("ctl", "listport").succeed())
        .containsPattern("2 +server +up +\\d+ +\\d+ +10\\.9\\.0\\.2:\\d+");
    assertThat(pair.client.etherws("ctl", "listif").succeed())
        .containsPattern("Port +Type +Address +Netmask +MTU +Target")
        .containsPattern("1 +tap +192\\.0\\.2\\.20 +255\\.255\\.255\\.0 +1400 +ethws0");
    assertThat(pair.client.etherws("ctl", "listfdb").succeed())
        .containsPattern("Port +VLAN +MAC +Age")
        .containsPattern("2 +0 +(\\p{XDigit}{2}:){5}\\p{XDigit}{2} +\\d+");
  }

  @Test
  void aPortThatIsShutPassesNothing() {
    join();

    pair.client.etherws("ctl", "setport", "--shut", "1", "2").succeed();
    assertThat(pair.client.reaches("192.0.2.10")).isFalse();

    pair.client.etherws("ctl", "setport", "--shut", "0", "2").succeed();
    assertThat(pair.client.pings("192.0.2.10", 3)).isTrue();
  }

  @Test
  void aPortThatIsDeletedIsGoneAndItsNumberIsNotUsedAgain() {
    join();

    pair.client.etherws("ctl", "delport", "2").succeed();
    Lab.await(
        "the server sees it leave",
        Duration.ofSeconds(3),
        () -> !pair.server.etherws("ctl", "listport").succeed().contains("server"));
    pair.client.etherws("ctl", "addport", "client", "ws://" + SERVER + "/").succeed();

    assertThat(pair.client.etherws("ctl", "listport").succeed())
        .containsPattern("3 +client")
        .doesNotContainPattern("2 +client");
    Command.Result missing = pair.client.etherws("ctl", "delport", "9").run();
    assertThat(missing.status()).isEqualTo(75);
  }

  @Test
  void portsOfCtlSurviveAReload() throws Exception {
    join();

    Command.of("kill", "-HUP", pair.read(pair.client.name() + ".pid").strip()).succeed();

    assertThat(pair.client.pings("192.0.2.10", 5)).isTrue();
  }

  private void join() {
    pair.server.etherws("ctl", "addport", "tap", "ethws0").succeed();
    pair.server
        .etherws("ctl", "setif", "--address", "192.0.2.10", "--netmask", "255.255.255.0", "1")
        .succeed();
    pair.client.etherws("ctl", "addport", "tap", "ethws0").succeed();
    pair.client.etherws("ctl", "setif", "--address=192.0.2.20", "--mtu=1400", "1").succeed();
    pair.client.etherws("ctl", "addport", "client", "ws://" + SERVER + "/").succeed();
    Lab.await("the tunnel is up", Duration.ofSeconds(5), () -> pair.client.reaches("192.0.2.10"));
  }
}
