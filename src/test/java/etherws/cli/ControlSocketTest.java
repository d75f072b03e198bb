package etherws.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlSocketTest {
  @TempDir private Path directory;

  @Test
  void isTheOnlyOneThere() throws Exception {
    Path socket = Files.createFile(directory.resolve("hub.sock"));
    Files.createFile(directory.resolve("hub.pid"));

    assertThat(ControlSocket.only(directory)).isEqualTo(socket);
  }

  @Test
  void hasToBeNamedIfThereAreSeveral() throws Exception {
    Files.createFile(directory.resolve("lab.sock"));
    Files.createFile(directory.resolve("hub.sock"));

    assertThatThrownBy(() -> ControlSocket.only(directory))
        .isInstanceOf(AskException.class)
        .hasMessage("several are running: hub, lab; say which with --name NAME");
  }

  @Test
  void saysWhatToDoIfThereIsNone() {
    assertThatThrownBy(() -> ControlSocket.only(directory.resolve("missing")))
        .isInstanceOfSatisfying(
            AskException.class,
            problem -> assertThat(problem.status()).isEqualTo(ExitStatus.NOT_RUNNING))
        .hasMessageContaining("start one, or give --socket PATH");
  }
}
