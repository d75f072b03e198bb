package etherws.it;

import static org.assertj.core.api.Assertions.assertThat;

import etherws.testing.Command;
import etherws.testing.Host;
import etherws.testing.Lab;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A TAP, a peer that speaks etherws.v2 and one that doesn't, in one network.
 *
 * <pre>
 *   fast client  198.51.100.11 fd00:51::11 --- etherws.v2 ---+
 *                                                            +-- server 198.51.100.10 fd00:51::10
 *   plain client 198.51.100.12 fd00:51::12 --- plain wire ---+
 * </pre>
 */
class MixedNetworkIT {
  private static final int MEGABYTES = 16;

  /**
   * Serves two sorts of clients on port 7: by TCP, both sides send random octets at once, and each
   * tells the other the hash of what came; by UDP, the client sends ten datagrams as one
   * super-frame, and is told the hash of each.
   */
  private static final String OCTETS =
      """
      import hashlib, random, socket, sys, threading
      ROLE, ADDRESS, SIZE, SEED = sys.argv[1], sys.argv[2], int(sys.argv[3]) << 20, sys.argv[4]
      FAMILY = socket.AF_INET6 if ":" in ADDRESS else socket.AF_INET
      UDP_SEGMENT, DATAGRAM = 103, 1200

      def digest(octets): return hashlib.sha256(octets).digest()

      def exactly(stream, count):
          octets = stream.recv(count, socket.MSG_WAITALL)
          assert len(octets) == count, "the stream has ended"
          return octets

      def hash_of(stream):
          hasher, left = hashlib.sha256(), SIZE
          while left:
              octets = stream.recv(min(left, 1 << 20))
              assert octets, "the stream has ended"
              hasher.update(octets)
              left -= len(octets)
          return hasher.digest()

      def exchange(stream):
          stream.settimeout(60)
          ours = random.Random(ROLE + SEED).randbytes(SIZE)
          sender = threading.Thread(target=stream.sendall, args=(ours,))
          sender.start()
          theirs = hash_of(stream)
          sender.join()
          stream.sendall(theirs)
          assert exactly(stream, 32) == digest(ours), "octets have changed on the way"
          stream.close()

      def answer_datagrams(datagrams):
          while True:
              octets, sender = datagrams.recvfrom(1 << 16)
              datagrams.sendto(digest(octets), sender)

      def serve():
          datagrams = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
          datagrams.bind(("::", 7))
          threading.Thread(target=answer_datagrams, args=(datagrams,), daemon=True).start()
          listener = socket.create_server(("::", 7), family=socket.AF_INET6, dualstack_ipv6=True)
          print("serving", flush=True)
          while True:
              exchange(listener.accept()[0])

      def send_datagrams():
          datagrams = socket.socket(FAMILY, socket.SOCK_DGRAM)
          datagrams.settimeout(10)
          datagrams.connect((ADDRESS, 7))
          datagrams.setsockopt(socket.IPPROTO_UDP, UDP_SEGMENT, DATAGRAM)
          octets = random.Random(SEED).randbytes(10 * DATAGRAM)
          datagrams.send(octets)
          hashes = {digest(octets[i:i + DATAGRAM]) for i in range(0, len(octets), DATAGRAM)}
          while hashes:
              hashes.remove(datagrams.recv(1 << 16))

      if ROLE == "serve":
          serve()
      elif ROLE == "stream":
          exchange(socket.create_connection((ADDRESS, 7), timeout=10))
      else:
          send_datagrams()
      """;

  private final List<Host> hosts = new ArrayList<>();
  private Lab lab;

  @BeforeEach
  void connect() throws Exception {
    lab = Lab.open();
    lab.write("octets.py", OCTETS);
    Host server = lab.host("s");
    server.etherws("server", "--log-file", lab.file("s.log").toString()).succeed();
    hosts.add(server);
    join(server, 1);
    join(server, 2, "--plain-wire");
    for (int n = 0; n < hosts.size(); n++) {
      Host host = hosts.get(n);
      host.run("ip", "addr", "add", ipv4(n) + "/24", "dev", "ethws0");
      host.run("ip", "addr", "add", ipv6(n) + "/64", "dev", "ethws0", "nodad");
      var log = lab.file(host.name() + ".octets");
      octets(host, "serve", "::", 0).start(log);
      Lab.await(
          "octets.py serves",
          Duration.ofSeconds(20),
          () -> host.run("cat", log.toString()).startsWith("serving"));
    }
  }

  private void join(Host server, int n, String... options) {
    Host client = lab.host("c" + n);
    lab.cable(server, "u" + n, client, "u0");
    server.run("ip", "addr", "add", "10.9." + n + ".1/24", "dev", "u" + n);
    client.run("ip", "addr", "add", "10.9." + n + ".2/24", "dev", "u0");
    List<String> words = new ArrayList<>(List.of("client", "--uri", "ws://10.9." + n + ".1/"));
    words.addAll(List.of(options));
    client.etherws(words.toArray(String[]::new)).succeed();
    hosts.add(client);
  }

  @AfterEach
  void close() throws Exception {
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  void octetsArriveAsTheyWereSentBetweenAnyTwo() {
    for (int from = 0; from < hosts.size(); from++) {
      for (int to = 0; to < hosts.size(); to++) {
        if (from != to) {
          assertReaches(from, to);
        }
      }
    }
    assertSuperFrames(hosts.get(0));
    assertSuperFrames(hosts.get(1));
  }

  private void assertReaches(int from, int to) {
    Host host = hosts.get(from);
    for (String address : List.of(ipv4(to), ipv6(to))) {
      assertThat(host.pings(address, 10)).as("%s pings %s", host.name(), address).isTrue();
      octets(host, "stream", address, from).succeed();
      octets(host, "datagrams", address, from).succeed();
    }
  }

  /** Most of what came was longer than any frame on a wire. */
  private static void assertSuperFrames(Host host) {
    long frames = host.statistic("ethws0", "rx_packets");
    assertThat(host.statistic("ethws0", "rx_bytes") / frames).isGreaterThan(1514);
  }

  private Command octets(Host host, String role, String address, int seed) {
    String program = lab.file("octets.py").toString();
    return host.command(
        "/usr/bin/python3", program, role, address, "" + MEGABYTES, Integer.toString(seed));
  }

  private static String ipv4(int n) {
    return "198.51.100.1" + n;
  }

  private static String ipv6(int n) {
    return "fd00:51::1" + n;
  }
}
