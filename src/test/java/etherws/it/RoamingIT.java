package etherws.it;

import static etherws.testing.SeedPicture.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.testing.Figure;
import etherws.testing.Host;
import etherws.testing.Lab;
import etherws.testing.Outage;
import etherws.testing.SeedPicture;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client's host moves: to another address, or to another way out. Pings run all the time. */
class RoamingIT {
  private static final int MOST_SECONDS = 5;

  private Lab lab;
  private SeedPicture picture;
  private Host hv2;

  @BeforeEach
  void tunnelUp() throws Exception {
    lab = Lab.open();
    picture = SeedPicture.build(lab);
    hv2 = picture.hv2;
    lab.cable(hv2, "wlan0", picture.router, "e3");
    picture.router.run("ip", "addr", "add", "10.3.0.1/24", "dev", "e3");
    picture.startServer("--port", "8080");
    picture.bridgeWithIp(picture.hv1);
    picture.startClient("--uri", "ws://" + SERVER + ":8080/");
    picture.bridgeWithIp(hv2);
    picture.awaitPing(Duration.ofSeconds(10));
  }

  @AfterEach
  void tearDown() throws Exception {
    if (picture != null) {
      picture.close();
    }
  }

  @Test
  void anotherAddressIsAnOutageOfFiveSecondsAtMost() throws Exception {
    double outage =
        Outage.during(
            picture,
            () -> {
              hv2.run("ip", "addr", "del", "10.2.0.2/24", "dev", "eth0");
              hv2.run("ip", "addr", "add", "10.2.0.77/24", "dev", "eth0");
              hv2.run("ip", "route", "add", "default", "via", "10.2.0.1");
            });

    Figure.print(
        "client's address changes", "back after %.2f s (at most %d)", outage, MOST_SECONDS);
    assertThat(outage).isLessThan(Figure.SLACK * MOST_SECONDS);
  }

  /** The old way swallows all, and the old address stays: nothing but the route tells. */
  @Test
  void anotherWayOutIsAnOutageOfFiveSecondsAtMost() throws Exception {
    hv2.run("ip", "addr", "add", "10.3.0.2/24", "dev", "wlan0");
    double outage =
        Outage.during(
            picture,
            () -> {
              picture.router.run("ip", "link", "set", "e2", "down");
              hv2.run("ip", "route", "replace", "default", "via", "10.3.0.1");
            });

    Figure.print(
        "client's way out changes", "back after %.2f s (at most %d)", outage, MOST_SECONDS);
    assertThat(outage).isLessThan(Figure.SLACK * MOST_SECONDS);
  }
}
