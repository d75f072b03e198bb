package etherws.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlSocketTest {
  @TempDir private Path directory;

  @Test
  void isTheOnlyOneThere() throws Exception {
    try (ServerSocketChannel hub = listen("hub.sock")) {
      Files.createFile(directory.resolve("hub.pid"));

      assertThat(ControlSocket.only(List.of(directory))).isEqualTo(directory.resolve("hub.sock"));
      assertThat(hub.isOpen()).isTrue();
    }
  }

  @Test
  void isNotThatOfAProcessThatWasKilled() throws Exception {
    listen("dead.sock").close();
    try (ServerSocketChannel hub = listen("hub.sock")) {
      assertThat(ControlSocket.only(List.of(directory))).isEqualTo(directory.resolve("hub.sock"));
      assertThat(hub.isOpen()).isTrue();
    }
  }

  private ServerSocketChannel listen(String name) throws IOException {
    return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(directory.resolve(name)));
  }

  @Test
  void hasToBeNamedIfThereAreSeveral() throws Exception {
    try (ServerSocketChannel lab = listen("lab.sock");
        ServerSocketChannel hub = listen("hub.sock")) {
      assertThatThrownBy(() -> ControlSocket.only(List.of(directory)))
          .isInstanceOf(AskException.class)
          .hasMessage("several are running: hub, lab; say which with --name NAME");
      assertThat(lab.isOpen()).isEqualTo(hub.isOpen());
    }
  }

  @Test
  void mayBeThatOfAUnit() throws Exception {
    Path unit = Files.createDirectory(directory.resolve("server"));
    try (ServerSocketChannel hub = listen("server/server-1.sock")) {
      assertThat(ControlSocket.only(List.of(directory, unit)))
          .isEqualTo(unit.resolve("server-1.sock"));
      assertThat(hub.isOpen()).isTrue();
    }
  }

  @Test
  void saysWhatToDoIfThereIsNone() {
    assertThatThrownBy(() -> ControlSocket.only(List.of(directory.resolve("missing"))))
        .isInstanceOfSatisfying(
            AskException.class,
            problem -> assertThat(problem.status()).isEqualTo(ExitStatus.NOT_RUNNING))
        .hasMessageContaining("start one, or give --socket PATH");
  }
}
