package etherws.cli;

import static org.assertj.core.api.Assertions.assertThat;

import etherws.capture.Capture;
import etherws.control.ControlServer;
import etherws.control.ControlSettings;
import etherws.testing.FakeNode;
import etherws.testing.Frames;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Commands that ask a running node, with a node that has one network of three ports. */
class AskTest {
  @TempDir private Path directory;

  private final FakeNode node = new FakeNode();
  private final StringWriter output = new StringWriter();
  private final StringWriter errors = new StringWriter();
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

  private int run(String... words) {
    CommandLine line = Etherws.line();
    line.setOut(new PrintWriter(output));
    line.setErr(new PrintWriter(errors));
    List<String> all = new ArrayList<>(List.of(words));
    all.add("--socket=" + socket);
    int status = line.execute(all.toArray(String[]::new));
    line.getErr().flush();
    return status;
  }

  @Test
  void printsTablesForPeople() {
    assertThat(run("networks")).isZero();

    assertThat(output)
        .hasToString(
            """
            Network  Path  Ports   Clients  MACs     of  Ageing  VLANs seen
            lab      /lab      3  1 of 100     2  65536  5m00s   untagged,10,20
            """);
  }

  @Test
  void printsTheAnswerAsItIsForPrograms() {
    assertThat(run("fdb", "--json")).isZero();

    assertThat(output.toString()).startsWith("{\"fdb\":[{\"network\":\"lab\",").endsWith("]}\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "shut 1                                  | shut lab/1",
        "shut lab/2                              | shut lab/2",
        "noshut ethws0                           | noshut lab/1",
        "kick alice                              | kick lab/2",
        "kick 192.0.2.7:40112                    | kick lab/2",
        "fdb flush                               | flush null null",
        "fdb flush --network lab                 | flush lab null",
        "fdb flush --port ethws0                 | flush lab 1",
        "fdb flush --port 2 --network lab        | flush lab 2",
        "log-level debug                         | level DEBUG",
      })
  void tellsTheNode(String words, String told) {
    assertThat(run(words.split(" ", -1))).as(errors::toString).isZero();

    assertThat(node.told()).containsExactly(told);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "shut 9                    | 67 | no port 9; etherws ports lists them",
        "kick bob                  | 67 | no client bob; etherws clients lists them",
        "fdb flush --port 1 --network x | 67 | no port 1",
        "reload                    | 75 | line 3: unknown key pvd, did you mean pvid?",
        "log-level loud            | 2  | log-level --help",
        "capture --filter foo      | 2  | filter, column 1: unknown word 'foo'; conditions:",
        "capture 9                 | 67 | no port 9",
        "capture --count -1        | 2  | --count is a number of frames",
      })
  void saysWhatIsWrong(String words, int status, String why) {
    assertThat(run(words.split(" ", -1))).isEqualTo(status);

    assertThat(errors.toString()).startsWith("etherws: ").contains(why);
  }

  @Test
  void saysThatNobodyAnswers() {
    server.stop();

    assertThat(run("status")).isEqualTo(ExitStatus.NOT_RUNNING.code());
    assertThat(errors.toString()).contains("hub.sock: no etherws answers there");
  }

  @Test
  void writesWhatItCaptures() throws Exception {
    Path file = directory.resolve("frames.pcapng");
    Thread port =
        Thread.ofPlatform()
            .start(() -> {
              try {
                Capture capture = node.captures().poll(20, TimeUnit.SECONDS);
                if (capture != null) {
                  Capture.Source source = capture.source("lab/1 ethws0");
                  source.frame(true, Frames.frame(Frames.BOB, Frames.ALICE));
                  source.frame(true, Frames.frame(Frames.BOB, Frames.ALICE));
                }
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    int status = run("capture", "ethws0", "-w", file.toString(), "--count", "1");
    port.join();

    assertThat(status).as(errors::toString).isZero();
    assertThat(node.told()).containsExactly("capture lab/1");
    assertThat(Files.readAllBytes(file)).startsWith(0x0a, 0x0d, 0x0d, 0x0a).hasSizeGreaterThan(200);
  }

  @Test
  void aFileIsNotTouchedWhenTheNodeRefuses() throws Exception {
    Path file = Files.writeString(directory.resolve("frames.pcapng"), "precious");

    assertThat(run("capture", "-w", file.toString(), "--filter", "foo")).isEqualTo(2);
    assertThat(file).hasContent("precious");
  }
}
