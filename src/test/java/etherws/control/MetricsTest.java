package etherws.control;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.testing.FakeNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsTest {
  @TempDir private Path directory;

  private final FakeNode node = new FakeNode();
  private ControlServer server = new ControlServer(ControlSettings.NONE, node, node);

  private void start(@Nullable Path token) throws IOException {
    server.stop();
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server = new ControlServer(new ControlSettings(null, null, address, token), node, node);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  private Asked ask(String path, String... fields) throws IOException {
    InetSocketAddress address = (InetSocketAddress) requireNonNull(server.tcpAddress());
    String head = "GET " + path + " HTTP/1.1\r\nHost: elsewhere\r\n" + String.join("", fields);
    return Asked.raw(address, head + "\r\n");
  }

  @Test
  void countsFramesOctetsAndDropsOfEachPort() throws IOException {
    start(null);
    Asked answer = ask("/metrics");

    assertThat(answer.head()).contains("text/plain; version=0.0.4");
    assertThat(answer.body().lines())
        .contains(
            "# TYPE etherws_port_ingress_frames_total counter",
            "etherws_port_ingress_frames_total{name=\"ethws0\",network=\"lab\",port=\"1\"} 1000.0",
            "etherws_port_egress_octets_total{name=\"ethws0\",network=\"lab\",port=\"1\"} 700.0",
            "etherws_port_dropped_frames_total{name=\"alice@192.0.2.7:40112\",network=\"lab\","
                + "port=\"2\",reason=\"queue_old\"} 12.0",
            "etherws_port_dropped_frames_total{name=\"ethws0\",network=\"lab\",port=\"1\","
                + "reason=\"runt\"} 0.0",
            "etherws_port_up{name=\"wss://hub.example/lab\",network=\"lab\",port=\"3\"} 0.0",
            "etherws_network_clients{network=\"lab\"} 1.0",
            "etherws_refused_connections_total{reason=\"password\"} 1.0",
            "etherws_refused_connections_total{reason=\"proxy_header\"} 0.0",
            "etherws_build{version=\"2.0.0\"} 1.0",
            "etherws_ready 1.0");
  }

  @Test
  void aNodeWithoutPortsHasMetricsToo() throws IOException {
    start(null);
    node.empty();

    assertThat(ask("/metrics").body()).contains("etherws_ready 1.0");
  }

  @Test
  void nothingElseIsThere() throws IOException {
    start(null);

    assertThat(ask("/readyz").status()).isEqualTo(200);
    assertThat(ask("/healthz").status()).isEqualTo(200);
    assertThat(ask("/v1/status").status()).isEqualTo(404);
  }

  @Test
  void asksForTheToken() throws IOException {
    Path token = Files.writeString(directory.resolve("token"), "secret\n");
    start(token);

    assertThat(ask("/metrics").status()).isEqualTo(401);
    assertThat(ask("/metrics", "Authorization: Bearer wrong\r\n").status()).isEqualTo(401);
    assertThat(ask("/metrics", "Authorization: Bearer secret\r\n").status()).isEqualTo(200);

    Files.writeString(token, "\n");
    assertThat(ask("/metrics", "Authorization: Bearer \r\n").status())
        .as("an empty file lets nobody in")
        .isEqualTo(500);
  }

  @Test
  void refusesPagesInBrowsers() throws IOException {
    start(null);

    assertThat(ask("/metrics", "Origin: https://evil.example\r\n").status()).isEqualTo(403);
  }
}
