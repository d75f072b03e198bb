package etherws.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthenticatorTest {
  private static final ThreadFactory THREADS =
      Thread.ofPlatform().daemon().name("auth-", 0).factory();

  private static final String HASH = "$2y$05$G.tskY6HyQ1mSs7TNly/xOysvest0wKSArNn7kcxH9f/75T2Sgpka";
  private static final String ALICE = "alice:" + HASH + "\n";
  private static final Verdict ACCEPTED =
      new Verdict.Accepted(Identity.ofPassword("alice", requireNonNull(PasswordHash.parse(HASH))));
  private static final Verdict DENIED = new Verdict.Denied();
  private static final Verdict BUSY = new Verdict.Busy();
  private static final String RIGHT = basic("alice:secret");
  private static final String WRONG = basic("alice:hunter2");

  @TempDir private Path directory;
  private Htpasswd htpasswd;
  private final FakeTime time = new FakeTime();
  private final FakePool pool = new FakePool(2);
  private final List<String> verified = new ArrayList<>();

  @BeforeEach
  void load() throws Exception {
    htpasswd = Htpasswd.load(Files.writeString(directory.resolve("users"), ALICE));
  }

  @Test
  void acceptsTheRightPassword() {
    Authenticator authenticator = authenticator(PasswordHash::matches);
    CompletableFuture<Verdict> verdict = check(authenticator, RIGHT, 1);
    assertThat(verdict).as("not on the caller's thread").isNotDone();
    pool.run();
    assertThat(verdict).isCompletedWithValue(ACCEPTED);
  }

  @Test
  void deniesAWrongPasswordAndAnUnknownUserAlike() {
    Authenticator authenticator = authenticator(PasswordHash::matches);
    CompletableFuture<Verdict> wrong = check(authenticator, WRONG, 1);
    CompletableFuture<Verdict> unknown = check(authenticator, basic("mallory:secret"), 2);
    pool.run();
    assertThat(wrong).isCompletedWithValue(DENIED);
    assertThat(unknown).isCompletedWithValue(DENIED);
    assertThat(verified).hasSize(2);
  }

  @Test
  void deniesWithoutCredentialsAndCountsNoFailure() {
    Authenticator authenticator = authenticator(PasswordHash::matches);
    for (int i = 0; i < 10; i++) {
      assertThat(check(authenticator, null, 1)).isCompletedWithValue(DENIED);
      assertThat(check(authenticator, "Basic ?", 1)).isCompletedWithValue(DENIED);
    }
    assertThat(verified).isEmpty();
    CompletableFuture<Verdict> next = check(authenticator, RIGHT, 1);
    pool.run();
    assertThat(next).isCompletedWithValue(ACCEPTED);
  }

  @Test
  void slowsTheSourceThatGuesses() {
    Authenticator authenticator = authenticator(PasswordHash::matches);
    guess(authenticator, 1);
    pool.run();
    CompletableFuture<Verdict> held = check(authenticator, RIGHT, 1);
    CompletableFuture<Verdict> other = check(authenticator, RIGHT, 2);
    pool.run();
    assertThat(held).isNotDone();
    assertThat(other).isCompletedWithValue(ACCEPTED);

    time.advance(Duration.ofSeconds(1));
    pool.run();
    assertThat(held).isCompletedWithValue(ACCEPTED);
  }

  @Test
  void hashesNothingForASourceThatGuessedTooOften() {
    Authenticator authenticator = authenticator(PasswordHash::matches);
    for (int i = 0; i < 5; i++) {
      guess(authenticator, 1);
      time.advance(Duration.ofSeconds(8));
      pool.run();
    }
    int before = verified.size();
    assertThat(check(authenticator, RIGHT, 1))
        .isCompletedWithValue(new Verdict.TooMany(Duration.ofSeconds(16)));
    assertThat(verified).hasSize(before);
  }

  @Test
  void isBusyWhenTheQueueIsFull() {
    Authenticator authenticator = authenticator(PasswordHash::matches);
    CompletableFuture<Verdict> first = check(authenticator, RIGHT, 1);
    CompletableFuture<Verdict> second = check(authenticator, RIGHT, 2);
    assertThat(check(authenticator, RIGHT, 3)).isCompletedWithValue(BUSY);
    pool.run();
    assertThat(first).isCompletedWithValue(ACCEPTED);
    assertThat(second).isCompletedWithValue(ACCEPTED);
    CompletableFuture<Verdict> again = check(authenticator, RIGHT, 3);
    pool.run();
    assertThat(again).as("being busy is no failure of the source").isCompletedWithValue(ACCEPTED);
  }

  @Test
  void doesNotHashWhatNobodyWaitsForAnyMore() {
    Authenticator authenticator = authenticator(PasswordHash::matches);
    CompletableFuture<Verdict> verdict = check(authenticator, RIGHT, 1);
    time.advance(Authenticator.DEADLINE.plusNanos(1));
    pool.run();
    assertThat(verdict).isCompletedWithValue(BUSY);
    assertThat(verified).isEmpty();
  }

  @Test
  void deniesWhenSomethingBreaksAndLogsItOnceAMinuteWithoutSecrets() {
    try (RecordedLog log = new RecordedLog(Authenticator.class)) {
      Authenticator authenticator =
          authenticator((hash, password) -> {
            throw new AssertionError(hash.text() + new String(password, UTF_8));
          });
      for (int source = 0; source < 3; source++) {
        CompletableFuture<Verdict> verdict = check(authenticator, WRONG, source);
        pool.run();
        assertThat(verdict).isCompletedWithValue(DENIED);
      }
      assertThat(log.at(Level.ERROR)).hasSize(1);
      assertThat(log.everything())
          .contains("java.lang.AssertionError", "PasswordCheck.identify")
          .doesNotContain("hunter2", "$2y$");

      time.advance(Authenticator.LOG_PAUSE.plusNanos(1));
      guess(authenticator, 4);
      pool.run();
      assertThat(log.at(Level.ERROR)).hasSize(2);
    }
  }

  @Test
  void aBreakCountsAsAFailure() {
    try (RecordedLog log = new RecordedLog(Authenticator.class)) {
      Authenticator authenticator =
          authenticator((_, _) -> {
            throw new IllegalStateException();
          });
      guess(authenticator, 1);
      pool.run();
      CompletableFuture<Verdict> held = check(authenticator, WRONG, 1);
      pool.run();
      assertThat(held).isNotDone();
      assertThat(log.at(Level.ERROR)).hasSize(1);
    }
  }

  @Test
  void answersEverybodyWhenItCloses() {
    Authenticator authenticator = authenticator(PasswordHash::matches);
    CompletableFuture<Verdict> queued = check(authenticator, RIGHT, 1);
    CompletableFuture<Verdict> waiting = check(authenticator, RIGHT, 1);
    authenticator.close();
    authenticator.close();
    assertThat(waiting).isCompletedWithValue(BUSY);
    assertThat(check(authenticator, RIGHT, 2)).isCompletedWithValue(BUSY);
    pool.run();
    assertThat(queued).isCompletedWithValue(BUSY);
    assertThat(verified).isEmpty();
  }

  @Test
  void hashesOnTheThreadsThatItWasGiven() throws Exception {
    try (Authenticator authenticator =
        new Authenticator(htpasswd, new SecureRandom(), System::nanoTime, THREADS)) {
      CompletableFuture<Verdict> verdict = check(authenticator, RIGHT, 1);
      assertThat(verdict.get(10, TimeUnit.SECONDS)).isEqualTo(ACCEPTED);
      assertThat(Thread.getAllStackTraces().keySet())
          .filteredOn(thread -> thread.getName().startsWith("auth-"))
          .isNotEmpty();
    }
  }

  @Test
  void holdsInRealTimeToo() throws Exception {
    try (Authenticator authenticator =
        new Authenticator(htpasswd, new SecureRandom(), System::nanoTime, THREADS)) {
      check(authenticator, WRONG, 1).get(10, TimeUnit.SECONDS);
      long failed = System.nanoTime();
      Verdict held = check(authenticator, RIGHT, 1).get(10, TimeUnit.SECONDS);
      assertThat(held).isEqualTo(ACCEPTED);
      assertThat(Duration.ofNanos(System.nanoTime() - failed))
          .isBetween(Duration.ofMillis(800), Duration.ofSeconds(5));
    }
  }

  private Authenticator authenticator(PasswordCheck.Verifier verifier) {
    PasswordCheck check =
        new PasswordCheck(
            htpasswd,
            new Proofs(new byte[32]),
            (hash, password) -> {
              verified.add(new String(password, UTF_8));
              return verifier.matches(hash, password);
            });
    return new Authenticator(check, pool, time, time);
  }

  private static void guess(Authenticator authenticator, int host) {
    assertThat(check(authenticator, WRONG, host)).isNotDone();
  }

  private static CompletableFuture<Verdict> check(
      Authenticator authenticator, @Nullable String authorization, int host) {
    return authenticator.check(authorization, address(host)).toCompletableFuture();
  }

  private static InetAddress address(int host) {
    try {
      return InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, (byte) host});
    } catch (java.net.UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private static String basic(String text) {
    return "Basic " + Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }
}
