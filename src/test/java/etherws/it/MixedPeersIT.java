package etherws.it;

import static org.assertj.core.api.Assertions.assertThat;

import etherws.testing.Host;
import etherws.testing.Lab;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * A port of every kind in one network: who is behind them meets everybody else.
 *
 * <pre>
 *   client       198.51.100.11 --- etherws.v2 ------+
 *   plain client 198.51.100.12 --- plain wire ------+-- server 198.51.100.10 (TAP)
 *   wired host   198.51.100.13 --- veth, netdev ----+
 *   QEMU guest   198.51.100.14 --- UNIX, stream ----+
 * </pre>
 */
@Isolated
class MixedPeersIT {
  private static final int GUEST = 4;
  private static final int OCTETS = 2_000_000;
  private static final Pattern RECEIVED = Pattern.compile("([0-9.]+) Mbits/sec +receiver");

  /** Sends octets to whoever echoes them, and compares; all at once, more than buffers hold. */
  private static final String ECHO =
      """
      import random, socket, sys, threading
      ADDRESS, COUNT = sys.argv[1], int(sys.argv[2])
      ours, theirs = random.Random(ADDRESS).randbytes(COUNT), bytearray()
      stream = socket.create_connection((ADDRESS, 7), timeout=30)
      sender = threading.Thread(target=stream.sendall, args=(ours,))
      sender.start()
      while len(theirs) < COUNT:
          octets = stream.recv(1 << 20)
          assert octets, "the stream has ended"
          theirs += octets
      sender.join()
      assert theirs == ours, "octets have changed on the way"
      """;

  private static final String CONFIG =
      """
      log-file = "server.log"
      control.socket = "server.sock"
      [[listen]]
      port = 80
      [network.lab]
      tap = [{ address = "198.51.100.10/24" }]
      netdev = [{ device = "n0" }]
      stream = [{ listen = "unix:guest.sock" }]
      """;

  private final List<Host> hosts = new ArrayList<>();
  private Lab lab;
  private Guest guest;

  @BeforeEach
  void connect() throws Exception {
    lab = Lab.open();
    Guest.assumeThereCanBeOne();
    lab.write("echo.py", ECHO);
    lab.write("server.toml", CONFIG);
    Host server = lab.host("s");
    Host wired = lab.host("w");
    lab.cable(server, "n0", wired, "eth0");
    wired.run("ip", "addr", "add", address(3) + "/24", "dev", "eth0");
    server.etherws("run", lab.file("server.toml").toString()).succeed();
    hosts.add(server);
    join(server, 1);
    join(server, 2, "--plain-wire");
    hosts.add(wired);
    for (Host host : hosts) {
      host.command("socat", "TCP-LISTEN:7,fork", "EXEC:cat").start(lab.file(host.name() + ".log"));
      host.command("iperf3", "-s").start(lab.file(host.name() + ".iperf"));
    }
    guest = Guest.boot(lab, server, lab.file("guest.sock"), address(GUEST));
  }

  private void join(Host server, int n, String... options) {
    Host client = lab.host("c" + n);
    lab.cable(server, "u" + n, client, "u0");
    server.run("ip", "addr", "add", "10.9." + n + ".1/24", "dev", "u" + n);
    client.run("ip", "addr", "add", "10.9." + n + ".2/24", "dev", "u0");
    List<String> words = new ArrayList<>(List.of("client", "--uri", "ws://10.9." + n + ".1/lab"));
    words.addAll(List.of(options));
    client.etherws(words.toArray(String[]::new)).succeed();
    client.run("ip", "addr", "add", address(n) + "/24", "dev", "ethws0");
    hosts.add(client);
  }

  @AfterEach
  void close() throws Exception {
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  void allReachEachOtherWithFullFramesAndUnchangedOctets() {
    for (int from = 0; from < GUEST; from++) {
      Host host = hosts.get(from);
      for (int to = 0; to <= GUEST; to++) {
        if (from != to) {
          assertFullFrames(host, address(to));
        }
        if (from < to) { // there and back
          assertEcho(host, address(to));
          assertFlows(host, address(to));
        }
      }
      assertThat(guest.run(host, pings(address(from))))
          .as("the guest pings %s", host.name())
          .contains("3 answers");
    }
    assertAllUp(hosts.getFirst());
  }

  /** Until three answers are here: an emulated guest on a busy machine may lose some. */
  private static String pings(String address) {
    return """
    n=0
    for try in $(seq 20); do
      ping -c 1 -W 2 -s 1472 %s && n=$((n + 1))
      [ $n -lt 3 ] || break
    done
    echo $n answers
    """
        .formatted(address);
  }

  private static void assertFullFrames(Host host, String address) {
    // -w: until three answers are here, however late
    host.run(
        "ping", "-n", "-q", "-c", "3", "-i", "0.01", "-w", "10", "-s", "1472", "-M", "do", address);
  }

  private void assertEcho(Host host, String address) {
    host.command("/usr/bin/python3", lab.file("echo.py").toString(), address, "" + OCTETS)
        .within(Duration.ofSeconds(40))
        .succeed();
  }

  /** TCP at full speed, both ways at once. */
  private static void assertFlows(Host host, String address) {
    Matcher rates =
        RECEIVED.matcher(
            host.command("iperf3", "-c", address, "--bidir", "-t", "1", "-f", "m")
                .within(Duration.ofSeconds(20))
                .succeed());
    for (int direction = 0; direction < 2; direction++) {
      assertThat(rates.find()).isTrue();
      assertThat(Double.parseDouble(rates.group(1)))
          .as("Mbit/s between %s and %s", host.name(), address)
          .isPositive();
    }
  }

  private void assertAllUp(Host server) {
    String socket = lab.file("server.sock").toString();
    assertThat(server.etherws("status", "--socket", socket).succeed())
        .contains("networks: 1, ports: 5, clients: 2", "all ports are up");
    assertThat(server.etherws("ports", "--socket", socket).succeed())
        .contains(" tap ", " netdev ", " stream ", " client ");
  }

  private static String address(int n) {
    return "198.51.100.1" + n;
  }
}
