package etherws.it;

import static etherws.testing.Pair.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.testing.Lab;
import etherws.testing.Pair;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A peer that is none of ours: Debian's python3-websockets, with a host of its own inside: it
 * answers ARP and ICMP echo for 198.51.100.77.
 */
class PlainPeersIT {
  private static final String ADDRESS = "198.51.100.77";

  /** A whole host in forty lines: what it needs to answer a ping, on any WebSocket. */
  private static final String HOST =
      """
      import asyncio, sys, websockets
      MAC, IP = bytes.fromhex("020000000077"), bytes([198, 51, 100, 77])

      def checksum(octets):
          total = sum((octets[i] << 8) + octets[i + 1] for i in range(0, len(octets), 2))
          while total >> 16: total = (total & 0xffff) + (total >> 16)
          return (~total & 0xffff).to_bytes(2, "big")

      def answer(frame):
          kind = frame[12:14]
          if kind == b"\\x08\\x06" and frame[20:22] == b"\\x00\\x01" and frame[38:42] == IP:
              return frame[6:12] + MAC + frame[12:20] + b"\\x00\\x02" + MAC + IP + frame[22:32]
          if kind == b"\\x08\\x00" and frame[23] == 1 and frame[30:34] == IP and frame[34] == 8:
              size = 14 + int.from_bytes(frame[16:18], "big")
              echo = frame[38:size]
              padded = b"\\x00\\x00\\x00\\x00" + echo + (b"\\x00" if len(echo) % 2 else b"")
              icmp = b"\\x00\\x00" + checksum(padded) + echo
              return frame[6:12] + MAC + frame[12:26] + IP + frame[26:30] + icmp
          return None

      async def host(socket, *_):
          async for message in socket:
              assert isinstance(message, bytes), "text on the plain wire"
              reply = answer(message)
              if reply: await socket.send(reply)

      async def main():
          if sys.argv[1] == "client":
              async with websockets.connect(sys.argv[2]) as socket: await host(socket)
          else:
              async with websockets.serve(host, "0.0.0.0", 8080):
                  print("serving", flush=True)
                  await asyncio.Future()

      asyncio.run(main())
      """;

  private Pair pair;
  private Process peer;

  @BeforeEach
  void open() throws Exception {
    pair = Pair.open();
    pair.lab.write("host.py", HOST);
  }

  @AfterEach
  void close() throws Exception {
    if (peer != null) {
      peer.destroyForcibly();
    }
    if (pair != null) {
      pair.close();
    }
  }

  @Test
  void aStrangersClientJoinsOurServer() {
    pair.startServer();
    peer =
        pair.client
            .command("/usr/bin/python3", pair.file("host.py"), "client", "ws://" + SERVER + "/")
            .start(Path.of(pair.file("peer.log")));

    Lab.await("it answers", Duration.ofSeconds(10), () -> pair.server.reaches(ADDRESS));
    assertThat(pair.server.pings(ADDRESS, 50)).isTrue();
    assertFullSize(pair.server);
  }

  @Test
  void ourClientJoinsAStrangersServer() {
    peer =
        pair.server
            .command("/usr/bin/python3", pair.file("host.py"), "server")
            .start(Path.of(pair.file("peer.log")));
    Lab.await("it serves", Duration.ofSeconds(10), () -> log().contains("serving"));

    pair.startClient("--uri", "ws://" + SERVER + ":8080/");

    Lab.await("it answers", Duration.ofSeconds(10), () -> pair.client.reaches(ADDRESS));
    assertThat(pair.client.pings(ADDRESS, 50)).isTrue();
    assertFullSize(pair.client);
  }

  private static void assertFullSize(etherws.testing.Host host) {
    assertThat(host.pings(ADDRESS, 20, "-s", "1472", "-M", "do")).isTrue();
  }

  private String log() {
    try {
      return pair.read("peer.log");
    } catch (IOException e) {
      return "";
    }
  }
}
