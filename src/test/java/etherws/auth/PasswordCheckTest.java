package etherws.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PasswordCheckTest {
  private static final String SECRET =
      "$2y$05$G.tskY6HyQ1mSs7TNly/xOysvest0wKSArNn7kcxH9f/75T2Sgpka";
  private static final String OTHER_SECRET =
      "$2y$10$kQGOO/Pnbzndat1yi.bpwu.eKqll0s2Eo5tZKROVYylHTcRZA4jpC";
  private static final String COLONS =
      "$2y$05$vCztgA6EAxsGon4UHbvMuOWo3Duqk/bQxbC8ykYeAF.2TYQYXGBDa";

  @TempDir private Path directory;
  private Path file;
  private final List<PasswordHash> verified = new ArrayList<>();
  private PasswordCheck check;

  @BeforeEach
  void load() throws Exception {
    file = directory.resolve("users");
    Files.writeString(file, "alice:" + SECRET + "\nbob:" + SECRET + "\n");
    check =
        new PasswordCheck(
            Htpasswd.load(file),
            new Proofs(new byte[32]),
            (hash, password) -> {
              verified.add(hash);
              return hash.matches(password);
            });
  }

  @Test
  void knowsAUserByThePassword() {
    assertThat(identify("alice", "secret")).hasToString("alice");
    assertThat(identify("alice", "Secret")).isNull();
    assertThat(identify("Alice", "secret")).isNull();
  }

  @Test
  void anUnknownUserCostsWhatAKnownOneDoes() {
    assertThat(identify("mallory", "secret")).isNull();
    assertThat(identify("alice", "wrong")).isNull();
    assertThat(verified).extracting(PasswordHash::cost).containsExactly("$2y$05$", "$2y$05$");
  }

  @Test
  void anUnknownUserCostsTheSameEveryTime() {
    identify("mallory", "secret");
    identify("mallory", "secret");
    assertThat(verified).hasSize(2);
  }

  @Test
  void unknownUsersAreAMixtureOfCostsWhereTheKnownOnesAre() throws Exception {
    Files.writeString(file, "alice:" + SECRET + "\nbob:" + OTHER_SECRET + "\n");
    check =
        new PasswordCheck(
            Htpasswd.load(file), new Proofs(new byte[32]), (hash, _) -> !verified.add(hash));

    for (int i = 0; i < 40; i++) {
      identify("mallory" + i, "secret");
      identify("mallory" + i, "other");
    }

    for (int i = 0; i < 40; i++) {
      assertThat(verified.get(2 * i).cost()).isEqualTo(verified.get(2 * i + 1).cost());
    }
    assertThat(verified).extracting(PasswordHash::cost).contains("$2y$05$", "$2y$10$");
  }

  @Test
  void anUnknownUserStaysOutWhateverTheVerifierSays() throws Exception {
    check = new PasswordCheck(Htpasswd.load(file), new Proofs(new byte[32]), (_, _) -> true);
    assertThat(identify("mallory", "secret")).isNull();
    assertThat(identify("alice", "secret")).isNotNull();
  }

  @Test
  void nobodyIsInAnEmptyFile() throws Exception {
    Files.writeString(file, "");
    assertThat(identify("alice", "secret")).isNull();
  }

  @Test
  void hashesARightPasswordOnce() {
    identify("alice", "secret");
    assertThat(identify("alice", "secret")).hasToString("alice");
    assertThat(verified).hasSize(1);
  }

  @Test
  void hashesAWrongPasswordEveryTime() {
    identify("alice", "secret");
    identify("alice", "wrong");
    assertThat(identify("alice", "wrong")).isNull();
    assertThat(verified).hasSize(3);
  }

  @Test
  void oneUsersProofIsNotAnothers() {
    identify("alice", "secret");
    identify("bob", "secret");
    assertThat(verified).hasSize(2);
  }

  @Test
  void aChangedHashNeedsNewProof() throws Exception {
    identify("alice", "secret");
    Files.writeString(file, "alice:" + COLONS + "\n# longer than it was, so that it is seen\n");
    assertThat(identify("alice", "secret")).isNull();

    Files.writeString(file, "alice:" + OTHER_SECRET + "\n");
    assertThat(identify("alice", "secret")).isNotNull();
    assertThat(verified).hasSize(3);
  }

  @Test
  void aRemovedUserStaysOutInSpiteOfOldProof() throws Exception {
    identify("alice", "secret");
    Files.writeString(file, "bob:" + SECRET + "\n");
    assertThat(identify("alice", "secret")).isNull();
  }

  private @Nullable Identity identify(String user, String password) {
    return check.identify(new Credentials(user, password.getBytes(UTF_8)));
  }
}
