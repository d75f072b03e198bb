package etherws.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.control.ControlServer;
import etherws.control.ControlSettings;
import etherws.control.CtlSettings;
import etherws.control.Login;
import etherws.testing.FakeNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** etherws 1.x's {@code ctl} and its JSON-RPC, with a node of three ports. */
class CtlTest {
  private final FakeNode node = new FakeNode();
  private final ControlServer server = new ControlServer(ControlSettings.NONE, node, node);
  private final StringWriter output = new StringWriter();
  private int port;

  private void start(@Nullable Login login) throws IOException {
    server.start();
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    CtlSettings settings = new CtlSettings(address, "/ctl", "lab", null, null, null);
    server.openCtl(settings, node, null, login);
    port = ((InetSocketAddress) requireNonNull(server.tcpAddress())).getPort();
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  private int run(String... words) {
    List<String> all =
        new ArrayList<>(List.of("ctl", "--ctlurl", "http://127.0.0.1:" + port + "/ctl"));
    all.addAll(List.of(words));
    CommandLine line = Etherws.line();
    line.setOut(new PrintWriter(output));
    line.setErr(new PrintWriter(output));
    int status = line.execute(all.toArray(String[]::new));
    line.getErr().flush();
    return status;
  }

  @Test
  void listsPorts() throws IOException {
    start(null);

    assertThat(run("listport")).isZero();
    assertThat(output)
        .hasToString(
            """
              Port  Type    State  RX    TX  Target              \s
              1     tap     up     1000  7   ethws0              \s
              2     server  up     2000  7   192.0.2.7:40112     \s
              3     client  up     3000  7   wss://hub.example/lab
            """);
  }

  @Test
  void listsInterfacesAndAddresses() throws IOException {
    start(null);

    assertThat(run("listif")).isZero();
    assertThat(run("listfdb")).isZero();
    assertThat(output)
        .hasToString(
            """
              Port  Type  Address     Netmask        MTU   Target
              1     tap   192.0.2.10  255.255.255.0  1500  ethws0
              Port  VLAN  MAC                Age
              1     0     02:00:00:00:00:0a  3 \s
              2     10    02:00:00:00:00:0b  192
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "addport tap ethws0 | tap lab ethws0",
        "addport client --user u --passwd p --insecure ws://h/"
            + " | client lab Target[uri=ws://h/, user=u, password=p, certificates=null,"
            + " insecure=true]",
        "setport --shut 1 2 | shut lab/2",
        "setport --shut 0 2 | noshut lab/2",
        "delport 3 | delete lab/3",
        "setif --address 192.0.2.10 --netmask 255.255.255.0 1"
            + " | set lab/1 192.0.2.10 255.255.255.0 null",
        "setif --mtu 1400 1 | set lab/1 null null 1400",
      })
  void hasPortsChangedAndPrintsThem(String words, String told) throws IOException {
    start(null);

    assertThat(run(words.split(" ", -1))).as(output::toString).isZero();
    assertThat(node.told()).containsExactly(told);
    assertThat(output.toString().lines()).hasSize(2);
  }

  @Test
  void printsErrorsAsThatVersionDid() throws IOException {
    start(null);

    assertThat(run("delport", "9")).isEqualTo(ExitStatus.REFUSED.code());
    assertThat(run("addport", "netdev", "eth9")).isEqualTo(ExitStatus.REFUSED.code());
    assertThat(output)
        .hasToString(
            """
              Invalid params (-32602)
                no port 9
              Invalid params (-32602)
                eth9: no such device
            """);
  }

  @Test
  void asksForThePasswordThatTheSwitchWants() throws IOException {
    start((_, given) -> CompletableFuture.completedFuture(given.equals("Basic dTpw")));

    assertThat(run("--ctluser", "u", "--ctlpasswd", "p", "listport")).isZero();
    assertThat(run("--ctluser", "u", "--ctlpasswd", "x", "listport"))
        .isEqualTo(ExitStatus.NOT_ALLOWED.code());
    assertThat(post("Host: 127.0.0.1\r\nContent-Type: application/json\r\n", "{}"))
        .contains("401 Unauthorized")
        .containsIgnoringCase("www-authenticate: Basic realm=\"etherws\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{                                                   | -32700",
        "[]                                                  | -32600",
        "{\"jsonrpc\":\"1.0\",\"method\":\"x\"}              | -32600",
        "{\"jsonrpc\":\"2.0\",\"method\":\"listPort\"}       | -32601",
        "{\"jsonrpc\":\"2.0\",\"method\":\"etherws.control.x\"}       | -32601",
        "{\"jsonrpc\":\"2.0\",\"method\":\"etherws.control.setPort\"} | -32602",
      })
  void answersWrongCallsByNumber(String body, int code) throws IOException {
    start(null);

    assertThat(post("Host: localhost\r\nContent-Type: application/json\r\n", body))
        .contains("\"code\":" + code, "\"data\":\"");
  }

  @Test
  void refusesWhatAPageInABrowserCouldSend() throws IOException {
    start(null);
    String json = "Content-Type: application/json\r\n";
    String call =
        "{\"jsonrpc\":\"2.0\",\"method\":\"etherws.control.delPort\",\"params\":{\"port\":1}}";

    assertThat(post("Host: 127.0.0.1\r\nContent-Type: text/plain\r\n", call)).contains(" 415 ");
    assertThat(post("Host: evil.example\r\n" + json, call)).contains(" 403 ");
    assertThat(post("Host: 127.0.0.1\r\nOrigin: http://evil.example\r\n" + json, call))
        .contains(" 403 ");
    assertThat(node.told()).isEmpty();
  }

  private String post(String fields, String body) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      String request =
          "POST /ctl HTTP/1.1\r\n%sContent-Length: %d\r\n\r\n%s"
              .formatted(fields, body.length(), body);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }
}
