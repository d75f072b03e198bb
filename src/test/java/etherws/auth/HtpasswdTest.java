package etherws.auth;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HtpasswdTest {
  private static final String ALICE = "alice:$apr1$2Gcati4T$oBJ.14JgqDDn33Mm7Esit/\n";
  private static final String BOB = "bob:$apr1$L5m2NYhI$VyJhEwJubzOarp4Tt/MDx1\n";
  private static final String SHA = "carol:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\n";
  private static final String DES = "dave:sQJJEYhrTgXaI\n";
  private static final String BAD = "alice:plain\n";

  @TempDir private Path directory;
  private Path file;
  private RecordedLog log;
  private Instant modified = Instant.parse("2026-01-01T00:00:00Z");

  @BeforeEach
  void openLog() {
    file = directory.resolve("users");
    log = new RecordedLog(Htpasswd.class);
  }

  @AfterEach
  void closeLog() {
    log.close();
  }

  @Test
  void aMissingFileIsAnErrorAtStart() {
    assertThatExceptionOfType(HtpasswdException.class)
        .isThrownBy(() -> Htpasswd.load(file))
        .withMessage(file + ": no such file; make it with: htpasswd -cB FILE USER");
  }

  @Test
  void aDirectoryIsAnErrorAtStart() {
    assertThatExceptionOfType(HtpasswdException.class)
        .isThrownBy(() -> Htpasswd.load(directory))
        .withMessageStartingWith(directory + ": is not a regular file");
  }

  @Test
  void aBadLineIsAnErrorAtStart() throws Exception {
    write(BOB + BAD);
    assertThatExceptionOfType(HtpasswdException.class)
        .isThrownBy(() -> Htpasswd.load(file))
        .withMessageStartingWith(file + ":2: the password is plain text");
  }

  @Test
  void aHugeFileIsAnErrorAtStart() throws Exception {
    Files.write(file, new byte[(16 << 20) + 1]);
    assertThatExceptionOfType(HtpasswdException.class)
        .isThrownBy(() -> Htpasswd.load(file))
        .withMessageStartingWith(file + ": is over 16 MiB");
  }

  @Test
  void aNewUserIsKnownAtTheNextLook() throws Exception {
    Htpasswd htpasswd = load(ALICE);
    assertThat(htpasswd.users().hash("bob")).isNull();

    write(ALICE + BOB);
    assertThat(htpasswd.users().hash("bob")).isNotNull();
    assertThat(log.at(Level.INFO)).containsExactly(file + ": read again, 2 users");
  }

  @Test
  void aRemovedUserIsUnknownAtTheNextLook() throws Exception {
    Htpasswd htpasswd = load(ALICE);
    write("");
    assertThat(htpasswd.users().hash("alice")).isNull();
  }

  @Test
  void whoIsInStaysWhileTheFileIsBeingWritten() throws Exception {
    Htpasswd htpasswd = load(ALICE + BOB);
    Identity bob = loggedIn(htpasswd, "bob");
    int readings = htpasswd.readings();

    for (String begun : List.of("", ALICE, ALICE + BOB.substring(0, 12), ALICE + BOB + SHA)) {
      write(begun);
      assertThat(htpasswd.readings()).as(begun).isEqualTo(readings);
      assertThat(htpasswd.vouchesFor(bob)).as(begun).isTrue();
    }
    assertThat(htpasswd.readings()).as("a look later").isEqualTo(readings + 1);
    assertThat(htpasswd.readings()).isEqualTo(readings + 1);
    assertThat(htpasswd.vouchesFor(bob)).isTrue();
  }

  @Test
  void whoIsNotInAFileAtRestIsGone() throws Exception {
    Htpasswd htpasswd = load(ALICE + BOB);
    Identity bob = loggedIn(htpasswd, "bob");
    int readings = htpasswd.readings();

    write(ALICE);
    assertThat(htpasswd.users().hash("bob")).as("nobody comes in any more").isNull();
    htpasswd.readings();
    assertThat(htpasswd.vouchesFor(bob)).isTrue();
    assertThat(htpasswd.readings()).isEqualTo(readings + 1);
    assertThat(htpasswd.vouchesFor(bob)).isFalse();
  }

  @Test
  void aBrokenFileWhoseBeginningWasReadTakesNobodyAway() throws Exception {
    Htpasswd htpasswd = load(ALICE + BOB);
    Identity bob = loggedIn(htpasswd, "bob");
    int readings = htpasswd.readings();

    write(ALICE);
    htpasswd.readings();
    write(ALICE + BAD);
    for (int look = 0; look < 3; look++) {
      assertThat(htpasswd.readings()).isEqualTo(readings);
      assertThat(htpasswd.vouchesFor(bob)).isTrue();
      assertThat(htpasswd.users().hash("bob")).isNotNull();
    }
  }

  @Test
  void whatAnOperatorWantsReadCountsAtOnce() throws Exception {
    Htpasswd htpasswd = load(ALICE + BOB);
    Identity bob = loggedIn(htpasswd, "bob");
    write(ALICE);
    assertThat(htpasswd.reload()).isTrue();
    assertThat(htpasswd.vouchesFor(bob)).isFalse();
  }

  @Test
  void whoHasJustBeenAddedIsVouchedFor() throws Exception {
    Htpasswd htpasswd = load(ALICE);
    write(ALICE + BOB);
    assertThat(htpasswd.vouchesFor(loggedIn(htpasswd, "bob"))).isTrue();
  }

  @Test
  void seesAChangeOfTheSameLength() throws Exception {
    Htpasswd htpasswd = load(ALICE);
    write(ALICE.replace("alice", "malet"));
    assertThat(htpasswd.users().hash("malet")).isNotNull();
  }

  @Test
  void seesAFileMovedIntoPlaceWithTheSameTimeAndLength() throws Exception {
    Htpasswd htpasswd = load(ALICE);
    Path other = Files.writeString(directory.resolve("other"), ALICE.replace("alice", "malet"));
    Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
    Files.move(other, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertThat(htpasswd.users().hash("malet")).isNotNull();
  }

  @Test
  void readsAnUnchangedFileOnce() throws Exception {
    Htpasswd htpasswd = load(ALICE);
    assertThat(htpasswd.users()).isSameAs(htpasswd.users());
    assertThat(log.at(Level.INFO)).isEmpty();
  }

  @Test
  void aBadChangeKeepsTheUsersAndIsLoggedOnce() throws Exception {
    Htpasswd htpasswd = load(ALICE);
    write(BAD);
    assertThat(htpasswd.users().hash("alice")).isNotNull();
    assertThat(htpasswd.users().hash("alice")).isNotNull();
    assertThat(log.at(Level.ERROR)).hasSize(1);
    assertThat(log.at(Level.ERROR).getFirst())
        .startsWith(file + ":1: the password is plain text")
        .endsWith("; until then the 1 users read before stay");

    for (int change = 2; change <= 3; change++) {
      write(BAD);
      htpasswd.users();
      assertThat(log.at(Level.ERROR)).as("another change, another line").hasSize(change);
    }

    write(BOB);
    assertThat(htpasswd.users().hash("bob")).isNotNull();
  }

  @Test
  void aMissingFileKeepsTheUsersAndIsLoggedOnce() throws Exception {
    Htpasswd htpasswd = load(ALICE);
    Path away = directory.resolve("away");
    Files.move(file, away);
    assertThat(htpasswd.users().hash("alice")).isNotNull();
    htpasswd.users();
    assertThat(log.at(Level.ERROR)).hasSize(1);
    assertThat(log.at(Level.ERROR).getFirst()).startsWith(file + ": no such file");

    Files.move(away, file);
    htpasswd.users();
    Files.move(file, away);
    htpasswd.users();
    assertThat(log.at(Level.ERROR)).as("missing again").hasSize(2);

    write(BOB);
    assertThat(htpasswd.users().hash("bob")).isNotNull();
  }

  @Test
  void readsAnUnchangedFileWhenToldTo() throws Exception {
    Htpasswd htpasswd = load(ALICE);
    assertThat(htpasswd.reload()).isTrue();
    assertThat(log.at(Level.INFO)).hasSize(1);
  }

  @Test
  void complainsEachTimeItIsToldToReadABadFile() throws Exception {
    Htpasswd htpasswd = load(ALICE);
    write(BAD);
    assertThat(htpasswd.reload()).isFalse();
    assertThat(htpasswd.reload()).isFalse();
    assertThat(log.at(Level.ERROR)).hasSize(2);
    assertThat(htpasswd.users().hash("alice")).isNotNull();
    assertThat(log.at(Level.ERROR)).hasSize(2);
  }

  @Test
  void warnsOfWeakHashesOncePerReading() throws Exception {
    write(ALICE + SHA + DES);
    Htpasswd htpasswd = Htpasswd.load(file);
    htpasswd.users();
    assertThat(log.at(Level.WARN)).hasSize(1);
    assertThat(log.at(Level.WARN).getFirst())
        .startsWith(file + ": 2 of 3 users have a weak password hash");

    write(ALICE);
    htpasswd.users();
    assertThat(log.at(Level.WARN)).hasSize(1);
  }

  private Htpasswd load(String text) throws Exception {
    write(text);
    return Htpasswd.load(file);
  }

  private static Identity loggedIn(Htpasswd htpasswd, String user) {
    return Identity.ofPassword(user, requireNonNull(htpasswd.users().hash(user)));
  }

  /** Like an editor, but never twice at the same time. */
  private void write(String text) throws IOException {
    Files.writeString(file, text);
    modified = modified.plusSeconds(1);
    Files.setLastModifiedTime(file, FileTime.from(modified));
  }
}
