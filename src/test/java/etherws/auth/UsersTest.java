package etherws.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UsersTest {
  private static final Path FILE = Path.of("users.htpasswd");
  private static final String SHA = "{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=";
  private static final String DES = "sQJJEYhrTgXaI";
  private static final String APR1 = "$apr1$2Gcati4T$oBJ.14JgqDDn33Mm7Esit/";
  private static final String BCRYPT_5 =
      "$2y$05$G.tskY6HyQ1mSs7TNly/xOysvest0wKSArNn7kcxH9f/75T2Sgpka";
  private static final String BCRYPT_10 =
      "$2y$10$kQGOO/Pnbzndat1yi.bpwu.eKqll0s2Eo5tZKROVYylHTcRZA4jpC";

  @Test
  void readsUsersAndSkipsCommentsAndBlankLines() throws Exception {
    Users users = parse("# staff\n\nalice:" + SHA + "\n   \n  # guests\nbob:" + APR1 + "\n");
    assertThat(users.count()).isEqualTo(2);
    assertThat(text(users, "alice")).isEqualTo(SHA);
    assertThat(text(users, "bob")).isEqualTo(APR1);
    assertThat(users.hash("carol")).isNull();
    assertThat(users.hash("# staff")).isNull();
  }

  @Test
  void readsWhatEditorsOfOtherSystemsWrite() throws Exception {
    Users users = parse("\ufeffünï:" + SHA + "\r\n\r\nbob:" + APR1);
    assertThat(text(users, "ünï")).isEqualTo(SHA);
    assertThat(text(users, "bob")).isEqualTo(APR1);
  }

  @Test
  void anEmptyFileHasNoUsers() throws Exception {
    assertThat(parse("").count()).isZero();
    assertThat(parse("").decoy(0)).isNull();
  }

  @Test
  void namesTheLineWithoutAColon() {
    assertBad("alice:" + SHA + "\n\nbob\n", 3, "this is not user:hash; write the line with");
  }

  @Test
  void namesTheLineWithoutAUser() {
    assertBad(":" + SHA, 1, "this is not user:hash");
  }

  @Test
  void namesTheLineWithAControlCharacter() {
    assertBad("# x\nali\0ce:" + SHA, 2, "this is not user:hash");
  }

  @Test
  void refusesPlainText() {
    assertBad("alice:hunter2\n", 1, "the password is plain text, or its hash is damaged; set");
  }

  @Test
  void refusesAnUnknownKindOfHash() {
    assertBad("# x\r\nalice:$1$ab$cdef\r\n", 2, "the password hash is damaged, too costly, or of");
  }

  @Test
  void splitsALineAtItsFirstColonOnly() {
    assertBad("alice:" + SHA + ":Alice\n", 1, "the password hash is damaged");
  }

  @Test
  void refusesAUserOnTwoLines() {
    String twice = "alice:" + SHA + "\nbob:" + SHA + "\n\nalice:" + APR1 + "\n";
    assertBad(twice, 4, "alice is already on line 1; delete one of the lines");
  }

  @Test
  void refusesWhatIsNotUtf8() {
    byte[] octets = ("bob:" + SHA + "\nünï:" + SHA + "\n").getBytes(ISO_8859_1);
    HtpasswdException bad =
        catchThrowableOfType(HtpasswdException.class, () -> Users.parse(FILE, octets));
    assertThat(bad).hasMessageStartingWith("users.htpasswd:2: this is not UTF-8; ");
  }

  @Test
  void neverTellsAHashOrAPassword() {
    assertThat(bad("alice:hunter2\n")).hasMessageNotContaining("hunter2");
    assertThat(bad("hunter2\n")).hasMessageNotContaining("hunter2");
    assertThat(bad("alice:" + SHA + ":\n")).hasMessageNotContaining("5en6");
  }

  @Test
  void countsWeakHashes() throws Exception {
    String all = "a:" + SHA + "\nb:" + DES + "\nc:" + APR1 + "\nd:" + BCRYPT_5 + "\n";
    assertThat(parse(all).weak()).isEqualTo(2);
  }

  @Test
  void decoysCostWhatTheHashesOfTheFileDo() throws Exception {
    Users users = parse("a:" + SHA + "\nb:" + BCRYPT_5 + "\nc:" + BCRYPT_10 + "\nd:" + BCRYPT_5);

    assertThat(List.of(0.0, 0.3, 0.6, 0.999))
        .extracting(lot -> requireNonNull(users.decoy(lot)).cost())
        .containsExactly("$2y$05$", "$2y$05$", "$2y$10$", "{SHA}");
  }

  @Test
  void aDecoyIsNobodysHash() throws Exception {
    assertThat(requireNonNull(parse("a:" + BCRYPT_5).decoy(0.5)).text()).isNotEqualTo(BCRYPT_5);
  }

  @Test
  void readsAnythingOrNamesALine() {
    String alphabet = "a:#$ \r\n\n{SHA}y205=";
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 10_000; i++) {
      byte[] octets = new byte[random.nextInt(64)];
      for (int j = 0; j < octets.length; j++) {
        octets[j] =
            (byte)
                (random.nextInt(50) == 0
                    ? random.nextInt(256)
                    : alphabet.charAt(random.nextInt(alphabet.length())));
      }
      try {
        assertThat(Users.parse(FILE, octets).count()).as("seed %d", seed).isLessThan(64);
      } catch (HtpasswdException e) {
        assertThat(e.line()).as("seed %d", seed).isBetween(1, 64);
      }
    }
  }

  private static Users parse(String text) throws HtpasswdException {
    return Users.parse(FILE, text.getBytes(UTF_8));
  }

  private static String text(Users users, String user) {
    return requireNonNull(users.hash(user)).text();
  }

  private static HtpasswdException bad(String text) {
    return catchThrowableOfType(HtpasswdException.class, () -> parse(text));
  }

  private static void assertBad(String text, int line, String what) {
    HtpasswdException bad = bad(text);
    assertThat(bad).hasMessageStartingWith("users.htpasswd:" + line + ": " + what);
    assertThat(bad.getMessage()).doesNotContain("\n");
    assertThat(bad.file()).isEqualTo(FILE);
    assertThat(bad.line()).isEqualTo(line);
  }
}
