package etherws.tap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HookTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  @TempDir private Path directory;

  @Test
  void tellsTheCommandByItsEnvironmentAndNothingElse() throws Exception {
    Path script = script("env > " + directory.resolve("env"));

    hook(List.of(script.toString()), List.of()).up();

    assertThat(Files.readAllLines(directory.resolve("env")))
        .contains(
            "ETHERWS_EVENT=up",
            "ETHERWS_NETWORK=lab",
            "ETHERWS_DEVICE=tap7",
            "ETHERWS_MTU=1400",
            "ETHERWS_ADDRESSES=192.0.2.1/24 2001:db8::1/64",
            "PATH=" + System.getenv("PATH"))
        .allMatch(line -> line.matches("(ETHERWS_[A-Z]+|PATH|LANG|PWD|SHLVL|_|OLDPWD)=.*"));
  }

  @Test
  void noShellSeesTheArguments() throws Exception {
    Path script = script("for word; do echo \"$word\"; done > " + directory.resolve("words"));

    hook(List.of(), List.of(script.toString(), "a;touch pwned", "$HOME", "*", "", "b c")).down();

    assertThat(Files.readAllLines(directory.resolve("words")))
        .containsExactly("a;touch pwned", "$HOME", "*", "", "b c");
  }

  @Test
  void anUpCommandThatFailsIsAnErrorInOneLine() throws Exception {
    Path script = script("echo one >&2; echo 'no such route' >&2; exit 3");

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> hook(List.of(script.toString()), List.of()).up())
        .withMessage("up hook of tap7: exit status 3: no such route");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> hook(List.of("false"), List.of()).up())
        .withMessage("up hook of tap7: exit status 1");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> hook(List.of("/nonexistent/command"), List.of()).up())
        .withMessageStartingWith("up hook of tap7: ")
        .withMessageContaining("/nonexistent/command");
  }

  @Test
  void aDownCommandThatFailsIsNone() {
    hook(List.of(), List.of("false")).down();
    hook(List.of(), List.of("/nonexistent/command")).down();
  }

  @Test
  void noCommandIsNone() throws Exception {
    hook(List.of(), List.of()).up();
    hook(List.of(), List.of()).down();
  }

  @Test
  void aCommandThatHangsIsKilledWithWhatItStarted() throws Exception {
    Path script = script("sleep 1000 & echo $! > " + directory.resolve("pid") + "; wait");
    List<String> up = List.of(script.toString());
    Hook hook = new Hook("lab", "tap7", settings(up, List.of()), Duration.ofSeconds(1));

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(hook::up)
        .withMessage("up hook of tap7: killed after 1 s");
    String pid = Files.readString(directory.resolve("pid")).strip();
    ProcessHandle child = ProcessHandle.of(Long.parseLong(pid)).orElse(null);
    assertThat(child == null || child.onExit().get() != null).isTrue();
  }

  private static Hook hook(List<String> up, List<String> down) {
    return new Hook("lab", "tap7", settings(up, down), LIMIT);
  }

  private static TapSettings settings(List<String> up, List<String> down) {
    List<String> addresses = List.of("192.0.2.1/24", "2001:db8::1/64");
    return new TapSettings("tap%d", 1400, null, null, addresses, null, up, down);
  }

  private Path script(String text) throws IOException {
    Path script = Files.writeString(directory.resolve("hook"), "#!/bin/sh\n" + text + "\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    return script;
  }
}
