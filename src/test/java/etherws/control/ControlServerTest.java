package etherws.control;

import static org.assertj.core.api.Assertions.assertThat;

import etherws.testing.FakeNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlServerTest {
  @TempDir private Path directory;

  private final FakeNode node = new FakeNode();
  private Path socket = Path.of("");
  private ControlServer server = new ControlServer(ControlSettings.NONE, node, node);

  @BeforeEach
  void start() throws IOException {
    socket = directory.resolve("hub.sock");
    server.stop();
    server =
        new ControlServer(
            new ControlSettings(socket, null, null, null),
            node,
            node,
            InstantSource.fixed(FakeNode.START.plusSeconds(192)));
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  @Test
  void statusNamesThePortsThatAreNotUp() throws IOException {
    Asked answer = Asked.get(socket, "/v1/status");

    assertThat(answer.head()).contains("application/json").contains("no-store");
    assertThat(answer.body())
        .isEqualTo(
            "{\"version\":\"2.0.0\",\"pid\":4711,\"name\":\"hub\","
                + "\"started\":\"2026-11-22T10:00:00Z\",\"uptime_seconds\":192,\"unready\":null,"
                + "\"networks\":1,\"ports\":3,\"clients\":1,\"troubles\":[{\"network\":\"lab\","
                + "\"number\":3,\"name\":\"wss://hub.example/lab\",\"state\":\"loop\","
                + "\"reason\":\"its own probe came back by port lab/1\","
                + "\"until\":\"2026-11-22T10:01:30Z\"}]}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/networks | {\"networks\":[{\"name\":\"lab\",\"path\":\"/lab\",",
        "/v1/ports    | {\"ports\":[{\"network\":\"lab\",\"number\":1,\"name\":\"ethws0\",",
        "/v1/clients  | {\"clients\":[{\"network\":\"lab\",\"number\":2,",
        "/v1/fdb      | {\"fdb\":[{\"network\":\"lab\",\"vid\":0,\"mac\":\"02:00:00:00:00:0a\",",
        "/healthz     | alive",
        "/readyz      | ready",
      })
  void answersWhatIsAskedFor(String path, String beginning) throws IOException {
    Asked answer = Asked.get(socket, path);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).startsWith(beginning);
  }

  @Test
  void dropsSayHowManyFramesDiedWhereAndWhy() throws IOException {
    assertThat(Asked.get(socket, "/v1/drops").body())
        .contains("\"reason\":\"runt\",\"sentence\":\"shorter than", "\"count\":1}")
        .contains("\"reason\":\"queue_old\"", "\"count\":12}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/ports/lab/1/shut    |                                | shut lab/1",
        "/v1/ports/lab/3/noshut  | {}                             | noshut lab/3",
        "/v1/clients/lab/2/kick  | {}                             | kick lab/2",
        "/v1/fdb/flush           | {}                             | flush null null",
        "/v1/fdb/flush           | {\"network\":\"lab\"}          | flush lab null",
        "/v1/fdb/flush           | {\"network\":\"a b\",\"port\":2} | flush a b 2",
        "/v1/log-level           | {\"level\":\"debug\"}          | level DEBUG",
      })
  void hasCommandsCarriedOut(String path, String body, String told) throws IOException {
    Asked answer = Asked.post(socket, path, body == null ? "" : body);

    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(node.told()).containsExactly(told);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET  | /v1/nothing                |                 | 404 | nothing is at",
        "GET  | /v1/status/                |                 | 404 | nothing is at",
        "GET  | /v1/ports/lab/1/shut       |                 | 405 | use POST",
        "POST | /v1/status                 | {}              | 405 | use GET",
        "POST | /v1/ports/lab/9/shut       | {}              | 404 | no port lab/9",
        "POST | /v1/ports/lab/x/shut       | {}              | 400 | number is not x",
        "POST | /v1/clients/lab/1/kick     | {}              | 404 | no client lab/1",
        "POST | /v1/reload                 | {}              | 409 | did you mean pvid",
        "POST | /v1/fdb/flush              | {\"port\":1}    | 400 | without its network",
        "POST | /v1/fdb/flush              | {\"network\":7} | 400 | network is no text",
        "POST | /v1/fdb/flush              | {               | 400 | no JSON",
        "POST | /v1/fdb/flush              | []              | 400 | no JSON object",
        "POST | /v1/fdb/flush              | {} {}           | 400 | no JSON",
        "POST | /v1/log-level              | {\"level\":\"x\"} | 400 | error, warn, info or debug",
        "POST | /v1/log-level              | {\"level\":\"error\"} | 500 | a bug in etherws",
        "GET  | /v1/capture?port=lab       |                 | 400 | give NETWORK/NUMBER",
        "GET  | /v1/capture?port=lab/9     |                 | 404 | no port lab/9",
        "GET  | /v1/capture?filter=arp+foo |                 | 400 | column 5",
        "GET  | /v1/capture?snaplen=999999 |                 | 400 | from 0 to 262144",
        "GET  | /v1/capture?format=pdf     |                 | 400 | pcapng or text",
        "GET  | /%zz                       |                 | 404 | nothing",
      })
  void saysWhatIsWrong(String method, String path, String body, int status, String why)
      throws IOException {
    Asked answer = method.equals("GET") ? Asked.get(socket, path) : Asked.post(socket, path, body);

    assertThat(answer.body()).contains("\"error\":\"", "\"hint\":", why);
    assertThat(answer.status()).isEqualTo(status);
  }

  @Test
  void refusesAPostThatAFormInABrowserCouldSend() throws IOException {
    String head = "POST /v1/reload HTTP/1.1\r\nHost: x\r\n";

    assertThat(Asked.raw(socket, head + "Content-Length: 0\r\n\r\n").status()).isEqualTo(415);
    assertThat(
            Asked.raw(
                    socket,
                    head
                        + "Content-Type: text/plain; x=application/json\r\n"
                        + "Content-Length: 2\r\n\r\n{}")
                .status())
        .isEqualTo(415);
    assertThat(node.told()).isEmpty();
  }

  @Test
  void refusesAnOversizedBody() throws IOException {
    Asked answer = Asked.post(socket, "/v1/fdb/flush", " ".repeat((64 << 10) + 1));

    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.body()).contains("\"error\":\"the body is too long\"");
    assertThat(node.told()).isEmpty();
  }

  @Test
  void refusesWhatIsNoHttp() throws IOException {
    assertThat(Asked.raw(socket, "hello\r\n\r\n").status()).isEqualTo(400);
  }

  @Test
  void saysWhyItIsNotReady() throws IOException {
    node.unready("the listener is not open yet");
    Asked answer = Asked.get(socket, "/readyz");

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.body()).isEqualTo("the listener is not open yet\n");
  }

  @Test
  void removesItsSocket() {
    server.stop();
    server.stop();

    assertThat(directory).isEmptyDirectory();
    assertThat(Files.exists(socket)).isFalse();
  }
}
