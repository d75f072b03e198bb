package etherws.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import etherws.testing.Command;
import etherws.testing.FakeNode;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketFileTest {
  private static final String NOBODY = "65534";

  @TempDir private Path directory;

  private final FakeNode node = new FakeNode();
  private ControlServer server = new ControlServer(ControlSettings.NONE, node, node);

  private void start(Path socket, String group) throws IOException {
    server.stop();
    server = new ControlServer(new ControlSettings(socket, group, null, null), node, node);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  @Test
  void isForItsOwnerAndGroupInADirectoryThatIsMadeIfMissing() throws IOException {
    Path socket = directory.resolve("new/hub.sock");
    String group = Files.readAttributes(directory, PosixFileAttributes.class).group().getName();
    start(socket, group);

    PosixFileAttributes attributes = Files.readAttributes(socket, PosixFileAttributes.class);
    assertThat(PosixFilePermissions.toString(attributes.permissions())).isEqualTo("rw-rw----");
    assertThat(attributes.group().getName()).isEqualTo(group);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket.getParent())))
        .isEqualTo("rwxr-xr-x");
    assertThat(socket.getParent()).isDirectoryNotContaining("glob:**/.*");
  }

  @Test
  void isClosedToOthers() throws IOException {
    assumeTrue(
        Command.of("setpriv", "--reuid", NOBODY, "--clear-groups", "true").run().status() == 0
            && Command.of("socat", "-V").run().status() == 0,
        "needs root, setpriv and socat");
    Path socket = directory.resolve("hub.sock");
    start(socket, "root");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));

    Command.Result result =
        Command.of(
                "setpriv",
                "--reuid",
                NOBODY,
                "--regid",
                NOBODY,
                "--clear-groups",
                "socat",
                "-",
                "UNIX-CONNECT:" + socket)
            .run();

    assertThat(result.status()).isNotZero();
    assertThat(result.errors()).contains("Permission denied");
  }

  @Test
  void replacesASocketThatNobodyAnswersAt() throws IOException {
    Path socket = directory.resolve("hub.sock");
    try (ServerSocketChannel left = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      left.bind(UnixDomainSocketAddress.of(socket));
    }
    assertThat(socket).exists();
    start(socket, directoryGroup());

    assertThat(Asked.get(socket, "/healthz").body()).isEqualTo("alive\n");
  }

  @Test
  void leavesASocketAloneThatSomebodyAnswersAt() throws IOException {
    Path socket = directory.resolve("hub.sock");
    start(socket, directoryGroup());
    ControlServer second =
        new ControlServer(new ControlSettings(socket, null, null, null), node, node);

    assertThatThrownBy(second::start)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("in use: an etherws of this name is running already");
    assertThat(Asked.get(socket, "/healthz").body()).isEqualTo("alive\n");
  }

  @Test
  void leavesAFileAloneThatIsNoSocket() throws IOException {
    Path file = Files.writeString(directory.resolve("hub.sock"), "precious");

    assertThatThrownBy(() -> start(file, directoryGroup())).hasMessageContaining("is no socket");
    server.stop();
    assertThat(file).hasContent("precious");
  }

  @Test
  void namesAGroupThatIsMissing() {
    Path socket = directory.resolve("hub.sock");

    assertThatThrownBy(() -> start(socket, "no-such-group"))
        .hasMessageContaining("no group no-such-group");
    assertThat(directory).isEmptyDirectory();
  }

  private String directoryGroup() throws IOException {
    return Files.readAttributes(directory, PosixFileAttributes.class).group().getName();
  }
}
