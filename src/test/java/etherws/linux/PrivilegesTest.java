package etherws.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import etherws.testing.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrivilegesTest {
  @Test
  void whoRunsAsNobodyHasNoPrivilegeOnAnyThreadAndGetsNone() throws Exception {
    needsRootOfTheMachine();

    Command.Result result = dropped("nobody", "false");

    assertThat(result.errors()).isEmpty();
    List<String> lines = result.output().lines().toList();
    assertThat(lines)
        .filteredOn(line -> line.startsWith("thread "))
        .hasSizeGreaterThan(8) // those of the JVM too
        .allMatch(line -> line.equals("thread 65534 true true true 65534"));
    int eperm = -Errno.EPERM.number();
    assertThat(lines)
        .contains(
            "setresuid " + eperm,
            "unshare " + eperm,
            "ptrace " + eperm,
            "bpf " + eperm,
            "clone3 -38",
            "clone user " + eperm,
            "clone net " + eperm,
            "getppid true",
            "execute false",
            "threads true");
  }

  @Test
  void programsCanBeExecutedWhereCommandsAreConfigured() throws Exception {
    needsRootOfTheMachine();

    assertThat(dropped("nobody:daemon", "true").output())
        .contains("thread 65534 true true true 1")
        .contains("execute true");
  }

  @Test
  void theCodeForEachMachineIsWhole() {
    assertThat(Machine.X86_64.code()).hasSize(42).endsWith(0xc3); // ret
    assertThat(Machine.AARCH64.code()).hasSize(44).endsWith(0xc0, 0x03, 0x5f, 0xd6);
  }

  private static void needsRootOfTheMachine() throws IOException {
    assumeTrue(
        LibC.geteuid() == 0
            && Files.readString(Path.of("/proc/self/uid_map")).contains("4294967295"),
        "needs root that can become others: run ./test as root");
  }

  private static Command.Result dropped(String... arguments) {
    return Command.of(
            "env",
            "-i",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            Dropped.class.getName(),
            arguments[0],
            arguments[1])
        .run();
  }
}
