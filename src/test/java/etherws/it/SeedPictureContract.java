package etherws.it;

import static etherws.testing.SeedPicture.VM1;
import static etherws.testing.SeedPicture.VM2;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.testing.Lab;
import etherws.testing.SeedPicture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The manual's picture, word for word: what the VMs see of each other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SeedPictureContract {
  /** 802.1Q, VID 10, 1500 octets of payload; this kernel may lack VLAN devices and filtering. */
  private static final String SEND_TAGGED =
      """
      import socket
      s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
      s.bind(("eth0", 0x8100))
      mac = s.getsockname()[4]
      frame = b"\\xff" * 6 + mac + b"\\x81\\x00\\x00\\x0a" + b"\\x88\\xb5" + b"x" * 1500
      for _ in range(50): s.send(frame)
      """;

  private SeedPicture picture;

  /** Starts server and client as daemons; between the two the first bridge is made. */
  abstract void startServer(SeedPicture picture) throws Exception;

  abstract void startClient(SeedPicture picture);

  @BeforeAll
  final void followTheManual() throws Exception {
    picture = SeedPicture.build(Lab.open());
    startServer(picture);
    picture.bridgeWithBrctl(picture.hv1);
    startClient(picture);
    picture.bridgeWithIp(picture.hv2);
    picture.awaitPing(Duration.ofSeconds(10));
  }

  @AfterAll
  final void tearDown() throws Exception {
    if (picture != null) {
      picture.close();
    }
  }

  @Test
  void aThousandFullSizePingsCross() {
    assertThat(picture.vm1.pings(VM2, 1000, "-i", "0.001", "-s", "1472", "-M", "do")).isTrue();
  }

  @Test
  void tcpFlowsBothWaysAtMtu1500() {
    Process server = picture.vm2.command("iperf3", "-s").start(Path.of(picture.file("iperf3.log")));
    try {
      Lab.await(
          "iperf3 listens",
          Duration.ofSeconds(5),
          () -> !picture.vm2.run("ss", "-Hltn", "sport = :5201").isBlank());
      assertThat(megabits(picture.vm1.run("iperf3", "-c", VM2, "-t", "2"))).isPositive();
      assertThat(megabits(picture.vm1.run("iperf3", "-c", VM2, "-t", "2", "-R"))).isPositive();
    } finally {
      server.destroyForcibly();
    }
  }

  private static double megabits(String iperf3) {
    Matcher matcher = Pattern.compile("([0-9.]+) ([KMG])bits/sec.*receiver").matcher(iperf3);
    assertThat(matcher.find()).as(iperf3).isTrue();
    double scale = matcher.group(2).equals("G") ? 1e3 : matcher.group(2).equals("M") ? 1 : 1e-3;
    return Double.parseDouble(matcher.group(1)) * scale;
  }

  @Test
  void ipv6NeighboursFindEachOther() {
    picture.vm1.run("ip", "addr", "add", "fd00:7::1/64", "dev", "eth0", "nodad");
    picture.vm2.run("ip", "addr", "add", "fd00:7::2/64", "dev", "eth0", "nodad");

    assertThat(picture.vm1.pings("fd00:7::2", 10)).isTrue();
    assertThat(picture.vm1.run("ip", "-6", "neigh", "show", "fd00:7::2")).contains("lladdr");
  }

  @Test
  void arpResolvesAndTheCachesSayWho() {
    picture.vm1.command("ip", "neigh", "del", VM2, "dev", "eth0").run(); // if it is there

    assertThat(picture.vm1.reaches(VM2)).isTrue();
    String mac = picture.vm2.run("cat", "/sys/class/net/eth0/address").strip();
    assertThat(picture.vm1.run("ip", "neigh", "show", VM2)).contains(mac);
  }

  @Test
  void dhcpLeasesAnAddressAcrossTheTunnel() throws Exception {
    Process server =
        picture
            .vm1
            .command(
                "dnsmasq",
                "--keep-in-foreground",
                "--port=0",
                "--interface=eth0",
                "--bind-interfaces",
                "--dhcp-range=192.168.7.100,192.168.7.110,1h",
                "--dhcp-leasefile=" + picture.file("leases"),
                "--pid-file=" + picture.file("dnsmasq.pid"),
                "--conf-file=/dev/null",
                "--user=root")
            .start(Path.of(picture.file("dnsmasq.log")));
    try {
      String lease =
          picture
              .vm2
              .command(
                  "udhcpc",
                  "-i",
                  "eth0",
                  "-n",
                  "-q",
                  "-f",
                  "-s",
                  "/bin/true",
                  "-t",
                  "20",
                  "-T",
                  "1")
              .within(Duration.ofSeconds(30))
              .run()
              .errors();
      assertThat(lease).contains("192.168.7.1").contains("obtained");
      assertThat(Files.readString(Path.of(picture.file("leases")))).contains("192.168.7.1");
    } finally {
      server.destroyForcibly();
    }
  }

  @Test
  void multicastReachesItsListener() throws Exception {
    Path heard = Path.of(picture.file("multicast"));
    Process listener =
        picture
            .vm2
            .command("socat", "-u", "UDP4-RECV:5007,ip-add-membership=239.1.2.3:eth0", "STDOUT")
            .start(heard);
    try {
      Lab.await(
          "multicast is heard",
          Duration.ofSeconds(10),
          () -> {
            picture
                .vm1
                .command(
                    "socat", "-u", "STDIN", "UDP4-DATAGRAM:239.1.2.3:5007,ip-multicast-if=" + VM1)
                .input("to all of you\n")
                .succeed();
            return read(heard).contains("to all of you");
          });
    } finally {
      listener.destroyForcibly();
    }
  }

  @Test
  void taggedFramesOfFullSizeCross() {
    Path seen = Path.of(picture.file("tagged"));
    Process capture =
        picture
            .vm2
            .command("tcpdump", "-n", "-e", "-l", "-i", "eth0", "-c", "50", "vlan 10")
            .start(seen);
    try {
      Lab.await("tcpdump listens", Duration.ofSeconds(10), () -> read(seen).contains("listening"));
      picture.vm1.run("python3", "-c", SEND_TAGGED);
      Lab.await(
          "50 tagged frames of 1518 octets",
          Duration.ofSeconds(10),
          () ->
              read(seen).lines().filter(l -> l.matches(".*length 1518: vlan 10,.*")).count() == 50);
    } finally {
      capture.destroyForcibly();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (java.io.IOException e) {
      return "";
    }
  }
}
