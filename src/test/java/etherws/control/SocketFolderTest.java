package etherws.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import etherws.testing.Command;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketFolderTest {
  /** Above any that the kernel gives. */
  private static final String NO_PROCESS = "99999999";

  @TempDir private Path folder;

  private ServerSocketChannel listen(String name) throws IOException {
    return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(folder.resolve(name)));
  }

  @Test
  void whatKilledProcessesLeftIsSweptAway() throws Exception {
    for (String kind : List.of("server-", "client-", "sw-")) {
      listen(kind + NO_PROCESS + ".sock").close();
    }

    SocketFolder.sweep(folder);

    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void nothingElseIsSweptAway() throws Exception {
    listen("hub.sock").close(); // its next start replaces it
    listen("other-" + NO_PROCESS + ".sock").close();
    listen("client-" + ProcessHandle.current().pid() + ".sock").close();
    Files.createFile(folder.resolve("client-1.pid"));
    try (ServerSocketChannel elsewhere = listen("server-" + NO_PROCESS + ".sock")) {
      SocketFolder.sweep(folder);

      assertThat(folder.toFile().list()).hasSize(5);
      assertThat(elsewhere.isOpen()).as("one of another PID namespace").isTrue();
    }
    SocketFolder.sweep(folder.resolve("missing"));
  }

  @Test
  void aNodeThatStartsSweepsItsFolder() throws Exception {
    listen("client-" + NO_PROCESS + ".sock").close();

    SocketFile.prepare(folder.resolve("hub.sock"), null).clean();

    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void whoMayNotWriteToTheSystemsFolderHasOneOfHisOwn() throws Exception {
    Path own = Files.createDirectory(folder.resolve("own"));
    List<Path> folders =
        SocketFolder.own(
            folder.resolve("missing/etherws"), Map.of("XDG_RUNTIME_DIR", own.toString()));

    assertThat(SocketFolder.firstWritable(folders)).isEqualTo(own.resolve("etherws"));
  }

  @Test
  void theSystemsFolderComesFirst() {
    Path system = folder.resolve("etherws");

    assertThat(SocketFolder.firstWritable(SocketFolder.own(system, Map.of()))).isEqualTo(system);
    assertThat(SocketFolder.all(system, Map.of("XDG_RUNTIME_DIR", ""))).containsExactly(system);
  }

  @Test
  void thereMayBeNone() {
    Path system = folder.resolve("missing/etherws");

    assertThat(SocketFolder.firstWritable(SocketFolder.own(system, Map.of()))).isNull();
  }

  @Test
  void aUnitHasAFolderOfItsOwnInTheSystemsWhereOthersLookToo() throws Exception {
    Path unit = Files.createDirectory(folder.resolve("server"));
    Files.createSymbolicLink(folder.resolve("link"), Files.createTempDirectory(unit, "x"));
    Map<String, String> environment = Map.of("RUNTIME_DIRECTORY", unit + ":/run/other");

    assertThat(SocketFolder.own(folder, environment)).containsExactly(unit, folder);
    assertThat(SocketFolder.all(folder, Map.of())).containsExactly(folder, unit);
  }

  @Test
  void foldersOfOtherServicesDoNotCount() {
    Map<String, String> environment = Map.of("RUNTIME_DIRECTORY", "/run/other");

    assertThat(SocketFolder.own(folder, environment)).containsExactly(folder);
    assertThat(SocketFolder.own(folder, Map.of("RUNTIME_DIRECTORY", folder + "")))
        .containsExactly(folder);
  }

  @Test
  void rootMakesNoneInTheFolderOfSomebodyElse() throws Exception {
    assumeTrue(System.getProperty("user.name", "").equals("root"), "needs root");
    Path nobodys = Files.createDirectory(folder.resolve("etherws"));
    assertThat(SocketFolder.firstWritable(List.of(nobodys))).isEqualTo(nobodys);

    Command.of("chown", "nobody", nobodys.toString()).succeed();

    assertThat(SocketFolder.danger(nobodys)).contains("belongs to nobody");
    assertThat(SocketFolder.firstWritable(List.of(nobodys))).isNull();
  }
}
