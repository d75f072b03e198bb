package etherws.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Agreement with the htpasswd program on this machine. */
class HtpasswdToolTest {
  private static final String ALPHABET = "abcXYZ019 :$#{}'\"\\äß€漢😀";

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void findTheTool() {
    file = directory.resolve("users");
    String path = requireNonNull(System.getenv("PATH"));
    assumeTrue(
        List.of(path.split(File.pathSeparator)).stream()
            .anyMatch(bin -> Files.isExecutable(Path.of(bin, "htpasswd"))),
        "htpasswd (apache2-utils) is not installed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-m", "-B", "-2", "-5", "-s", "-d"})
  void readsWhatItWrites(String format) throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<String> passwords = new ArrayList<>();
    Files.createFile(file);
    for (int i = 0; i < 10; i++) {
      String password = password(random);
      passwords.add(password);
      run(password, "htpasswd", "-i", format, file.toString(), "user" + i);
    }

    Users users = Htpasswd.load(file).users();
    assertThat(users.count()).isEqualTo(passwords.size());
    for (int i = 0; i < passwords.size(); i++) {
      PasswordHash hash = requireNonNull(users.hash("user" + i));
      byte[] right = passwords.get(i).getBytes(UTF_8);
      byte[] wrong = ("x" + passwords.get(i)).getBytes(UTF_8);
      assertThat(hash.matches(right)).as("seed %d, %s", seed, passwords.get(i)).isTrue();
      assertThat(hash.matches(wrong)).as("seed %d, %s", seed, passwords.get(i)).isFalse();
    }
  }

  @Test
  void seesTheUserThatItAdds() throws Exception {
    run("secret", "htpasswd", "-icB", file.toString(), "alice");
    Htpasswd htpasswd = Htpasswd.load(file);
    assertThat(htpasswd.users().hash("bob")).isNull();

    run("secret", "htpasswd", "-iB", file.toString(), "bob");
    assertThat(htpasswd.users().hash("bob")).isNotNull();

    run("", "htpasswd", "-D", file.toString(), "alice");
    assertThat(htpasswd.users().hash("alice")).isNull();
  }

  private static String password(Random random) {
    int[] characters = ALPHABET.codePoints().toArray();
    StringBuilder password = new StringBuilder("p");
    for (int length = random.nextInt(60); length > 0; length--) {
      password.appendCodePoint(characters[random.nextInt(characters.length)]);
    }
    return password.toString();
  }

  private static void run(String input, String... command)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (OutputStream stdin = process.getOutputStream()) {
      stdin.write((input + "\n").getBytes(UTF_8));
    } catch (IOException e) {
      assertThat(e).as("-D does not read its input").hasMessageContaining("Broken pipe");
    }
    assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
  }
}
