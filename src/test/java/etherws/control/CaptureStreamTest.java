package etherws.control;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.capture.Capture;
import etherws.testing.FakeNode;
import etherws.testing.Frames;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CaptureStreamTest {
  private static final int PATIENCE_SECONDS = 20;

  @TempDir private Path directory;

  private final FakeNode node = new FakeNode();
  private Path socket = Path.of("");
  private ControlServer server = new ControlServer(ControlSettings.NONE, node, node);

  @BeforeEach
  void start() throws Exception {
    socket = directory.resolve("hub.sock");
    server.stop();
    server = new ControlServer(new ControlSettings(socket, null, null, null), node, node);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  private SocketChannel ask(String target) throws Exception {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(socket));
    String request = "GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n";
    channel.write(ByteBuffer.wrap(request.getBytes(ISO_8859_1)));
    return channel;
  }

  private Capture capture() throws InterruptedException {
    return requireNonNull(node.captures().poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
  }

  private static String rest(SocketChannel channel) throws Exception {
    return new String(Channels.newInputStream(channel).readAllBytes(), ISO_8859_1);
  }

  @Test
  void endsAfterTheFramesThatWereAskedFor() throws Exception {
    try (SocketChannel channel = ask("/v1/capture?format=text&count=2&port=lab/2")) {
      Capture capture = capture();
      CountDownLatch closed = new CountDownLatch(1);
      capture.onClose(closed::countDown);
      Capture.Source port = capture.source("lab/2");
      for (int i = 0; i < 5; i++) {
        port.frame(true, Frames.frame(Frames.BOB, Frames.ALICE));
      }

      String answer = rest(channel);
      assertThat(answer).contains("text/plain").contains("frames, 0 of them dropped");
      assertThat(answer.lines().filter(line -> line.contains(" > "))).hasSize(2);
      assertThat(closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(node.told()).containsExactly("capture lab/2");
  }

  @Test
  void endsWithWhatWasLostWhenTheReaderHasSaidEnough() throws Exception {
    try (SocketChannel channel = ask("/v1/capture?filter=ether+host+02:00:00:00:00:0a")) {
      Capture capture = capture();
      Capture.Source port = capture.source("lab/1");
      port.frame(true, Frames.frame(Frames.BOB, Frames.ALICE));
      port.frame(true, Frames.frame(Frames.BOB, Frames.CAROL));
      channel.shutdownOutput();

      String answer = rest(channel);
      assertThat(answer).contains("application/x-pcapng").endsWith("\r\n0\r\n\r\n");
      assertThat(answer).as("a description").contains("lab/1");
      assertThat(answer).as("statistics with one frame").contains("\4\0\10\0\1\0\0\0\0\0\0\0");
    }
  }

  @Test
  void aReaderThatIsStuckHoldsUpNobodyAndBoundsWhatWaits() throws Exception {
    try (SocketChannel channel = ask("/v1/capture")) {
      Capture.Source port = capture().source("lab/1");
      long start = System.nanoTime();
      for (int i = 0; i < 20_000; i++) {
        port.frame(true, Frames.view(Frames.octets(Frames.BOB, Frames.ALICE, 1514)));
      }
      assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start)).isLessThan(10);
      assertThat(Asked.get(socket, "/healthz").body()).isEqualTo("alive\n");

      channel.shutdownOutput();
      int read = rest(channel).length();
      assertThat(read).isBetween(4_000_000, 12_000_000);
    }
  }

  @Test
  void stopsCapturingWhenTheReaderGoesAway() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    try (SocketChannel channel = ask("/v1/capture")) {
      Capture capture = capture();
      capture.onClose(closed::countDown);
      InputStream in = Channels.newInputStream(channel);
      assertThat(in.read()).isEqualTo('H');
    }
    assertThat(closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void stopsCapturingWhenTheServerStops() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    try (SocketChannel channel = ask("/v1/capture")) {
      capture().onClose(closed::countDown);
      server.stop();

      assertThat(closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(rest(channel)).doesNotEndWith("\r\n0\r\n\r\n");
    }
  }
}
