package etherws.cli;

import static etherws.cli.DemoHost.on;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.FutureTask;

/** Traffic between the demo's two hosts: UDP there and back for the latency, TCP each way. */
final class DemoTraffic {
  static final String SERVER = "198.51.100.1";
  static final String CLIENT = "198.51.100.2";

  private static final int PORT = 5201;
  private static final int PINGS = 1_000;
  private static final int WARM_UP = 200;
  private static final int PAYLOAD = 1_472; // a frame of 1,514 octets: nothing is cut

  private final String server;
  private final String client;
  private final long streamNanos;

  /** Names of the two network namespaces, and how long TCP is to stream each way. */
  DemoTraffic(String server, String client, Duration stream) {
    this.server = server;
    this.client = client;
    this.streamNanos = stream.toNanos();
  }

  /**
   * What was measured.
   *
   * @param answered datagrams that came back, of {@link #PINGS}
   * @param toServer bits per second from client to server
   * @param toClient bits per second from server to client
   */
  record Report(
      int answered, double p50Millis, double p99Millis, double toServer, double toClient) {
    boolean good() {
      return answered == PINGS && toServer > 0 && toClient > 0;
    }

    @Override
    public String toString() {
      return """
      latency     %d of %d datagrams of %d octets answered, p50 %.2f ms, p99 %.2f ms
      throughput  client to server %.2f Gbit/s, server to client %.2f Gbit/s (one TCP stream)\
      """
          .formatted(
              answered, PINGS, PAYLOAD, p50Millis, p99Millis, toServer / 1e9, toClient / 1e9);
    }
  }

  Report run() throws Exception {
    long[] nanos = roundTrips();
    int last = Math.max(0, nanos.length - 1);
    double p50 = nanos.length == 0 ? Double.NaN : nanos[last / 2] / 1e6;
    double p99 = nanos.length == 0 ? Double.NaN : nanos[last * 99 / 100] / 1e6;
    return new Report(nanos.length, p50, p99, stream(true), stream(false));
  }

  /** Sorted round-trip times, in nanoseconds, of the datagrams that came back. */
  private long[] roundTrips() throws Exception {
    DatagramSocket echo =
        on(server, () -> new DatagramSocket(new InetSocketAddress(SERVER, PORT))).get();
    on(server, () -> echo(echo));
    try (echo;
        DatagramSocket socket =
            on(client, () -> new DatagramSocket(new InetSocketAddress(CLIENT, 0))).get()) {
      socket.connect(new InetSocketAddress(SERVER, PORT));
      socket.setSoTimeout(1_000);
      for (int i = 0; i < WARM_UP; i++) {
        roundTrip(socket);
      }
      long[] nanos = new long[PINGS];
      int answered = 0;
      for (int i = 0; i < PINGS; i++) {
        nanos[answered] = roundTrip(socket);
        answered += nanos[answered] >= 0 ? 1 : 0;
      }
      Arrays.sort(nanos, 0, answered);
      return Arrays.copyOf(nanos, answered);
    }
  }

  private static boolean echo(DatagramSocket socket) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
    while (!socket.isClosed()) {
      socket.receive(packet);
      socket.send(packet);
    }
    return true;
  }

  /** Nanoseconds, or -1 when nothing came back. */
  private static long roundTrip(DatagramSocket socket) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[PAYLOAD], PAYLOAD);
    long sent = System.nanoTime();
    socket.send(packet);
    try {
      socket.receive(packet);
      return System.nanoTime() - sent;
    } catch (SocketTimeoutException e) {
      return -1;
    }
  }

  /** Bits per second of one TCP stream, as the receiver sees it. */
  private double stream(boolean toServer) throws Exception {
    try (ServerSocket listener =
            on(server, () -> new ServerSocket(PORT, 1, InetAddress.getByName(SERVER))).get();
        Socket near = on(client, () -> new Socket(SERVER, PORT)).get();
        Socket far = listener.accept()) {
      Socket sender = toServer ? near : far;
      Socket receiver = toServer ? far : near;
      FutureTask<Boolean> sending = on(client, () -> send(sender));
      double rate = receive(receiver);
      sending.get();
      return rate;
    }
  }

  private boolean send(Socket socket) throws IOException {
    byte[] octets = new byte[128 * 1024];
    OutputStream out = socket.getOutputStream();
    for (long end = System.nanoTime() + streamNanos; System.nanoTime() < end; ) {
      out.write(octets);
    }
    socket.shutdownOutput();
    return true;
  }

  private static double receive(Socket socket) throws IOException {
    byte[] buffer = new byte[256 * 1024];
    InputStream in = socket.getInputStream();
    long since = System.nanoTime();
    long octets = 0;
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      octets += n;
    }
    return octets * 8e9 / (System.nanoTime() - since);
  }
}
