package etherws.it;

import static org.assertj.core.api.Assertions.assertThat;

import etherws.testing.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The AOT cache that a first start makes: it is used where it fits, and never heard of else. */
class AotCacheIT {
  private static final String FROM_THE_CACHE = "etherws.Main source: shared objects file";

  @TempDir private Path home;

  /** A copy of what was built, the times of its files too. The build has made the cache. */
  @BeforeEach
  void copy() throws IOException {
    Files.createDirectory(home.resolve("target"));
    Command.of("cp", "-p", "etherws", home.toString()).succeed();
    Command.of("cp", "-rp", "target/lib", "target/native", home + "/target").succeed();
    Command.of("cp", "-p", "target/etherws.jar", "target/etherws.aot", home + "/target").succeed();
  }

  @Test
  void classesComeFromTheCache() {
    assertThat(version("-Xlog:class+load").output()).contains(FROM_THE_CACHE);
  }

  @Test
  void aCacheThatIsGarbageIsPassedOver() throws IOException {
    Files.writeString(cache(), "garbage ".repeat(10_000));

    assertRunsSilently();
  }

  @Test
  void aCacheCutShortIsPassedOver() throws IOException {
    byte[] whole = Files.readAllBytes(cache());
    Files.write(cache(), Arrays.copyOf(whole, whole.length / 2));

    assertRunsSilently();
  }

  @Test
  void anotherCollectorThanTheCachesIsNoProblem() {
    assertSilent(version("-XX:-UseSerialGC -XX:+UseParallelGC"));
  }

  @Test
  void otherObjectHeadersThanTheCachesAreNoProblem() {
    assertSilent(version("-XX:-UseCompactObjectHeaders"));
  }

  private void assertRunsSilently() {
    assertSilent(version(""));
  }

  private static void assertSilent(Command.Result result) {
    assertThat(result.status()).as(result.toString()).isZero();
    assertThat(result.errors()).isEmpty();
    assertThat(result.output().lines()).hasSize(2).first().asString().startsWith("etherws ");
  }

  private Command.Result version(String javaOptions) {
    return Command.of(
            "env",
            "ETHERWS_JAVA_OPTS=" + javaOptions,
            home.resolve("etherws").toString(),
            "--version")
        .within(Duration.ofSeconds(60))
        .run();
  }

  private Path cache() {
    return home.resolve("target/etherws.aot");
  }
}
