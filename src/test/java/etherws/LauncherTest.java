package etherws;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.Installation.Finished;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ./etherws} in the foreground: how it finds itself, a Java and its jar. */
@Timeout(value = 20, threadMode = ThreadMode.SEPARATE_THREAD)
class LauncherTest {
  private static final String MAVEN_THAT_BUILDS =
      """
      echo "$JAVA_HOME" "$@" >>"$ROOT/built"
      cd "$ROOT"/a*spaces && : >target/etherws.jar
      """;

  private static final String TRAINING = "making its start faster (once after a build) ...\n";

  /** A JVM that writes the cache it is asked for. */
  private static final String JAVA_THAT_TRAINS =
      """
      for option; do
        case $option in -XX:AOTCacheOutput=*) echo cache >"${option#*=}"; echo noise ;; esac
      done
      """;

  @TempDir private Path root;
  private Installation installation;

  @BeforeEach
  void install() throws IOException {
    installation = new Installation(root);
  }

  @Test
  void handsEveryArgumentOverUnchanged() throws IOException {
    installation.java("");

    installation.run("status", "two words", "", "*", "$HOME", "--", "-x");

    assertThat(installation.arguments())
        .containsExactly("status", "two words", "", "*", "$HOME", "--", "-x");
  }

  @Test
  void findsItsJarThroughSymbolicLinks() throws IOException {
    installation.java("");
    Path first = Files.createSymbolicLink(root.resolve("first"), installation.launcher());
    Files.createSymbolicLink(installation.path().resolve("ews"), Path.of("..", "first"));

    Process process = installation.start(Map.of(), List.of("sh", "-c", "ews; ../first && ../ews"));
    Installation.finish(process, "");
    assertThat(installation.started()).contains(installation.jar().toString());
    assertThat(first).isSymbolicLink();
  }

  @Test
  void becomesTheJvm() throws IOException {
    installation.java("echo $$; cat; exit 3");

    Process process = installation.start(Map.of(), List.of(installation.launcher().toString()));

    assertThat(Installation.finish(process, "stdin"))
        .isEqualTo(new Finished(3, process.pid() + "\nstdin", ""));
  }

  @Test
  void givesTheUsersOptionsLastWord() throws IOException {
    installation.java("");

    installation.run(Map.of("ETHERWS_JAVA_OPTS", "-Xmx1g  *"), "status");

    assertThat(installation.started())
        .containsSubsequence("-Xmx256m", "-Xmx1g", "*", "-jar")
        .doesNotContain("");
  }

  @Test
  void looksForJavaInTheDocumentedOrder() throws IOException {
    Path explicit = installation.java("explicit", "25");
    Path bundled = installation.java("a home with spaces/runtime", "25");
    Path general = installation.java("general", "25");
    Path onPath = installation.java("on-path", "25");
    Files.createSymbolicLink(installation.path().resolve("java"), onPath.resolve("bin/java"));
    List<Path> inOrder =
        List.of(
            explicit,
            bundled,
            general,
            onPath,
            installation.java("usr/lib/jvm/jdk", "25"),
            installation.java("opt/jdk-25", "27"),
            installation.java("user/.jdks/temurin", "27"));
    Map<String, String> environment =
        Map.of("ETHERWS_JAVA_HOME", explicit.toString(), "JAVA_HOME", general.toString());

    for (Path home : inOrder) {
      installation.run(environment, "status");

      assertThat(installation.started()).first().isEqualTo(home.resolve("bin/java").toString());
      Files.delete(home.resolve("bin/java"));
    }
  }

  @Test
  void takesTheNewestOfOnePlace() throws IOException {
    installation.java("usr/lib/jvm/a", "25.0.9");
    Path newest = installation.java("usr/lib/jvm/b", "25.0.10");
    installation.java("usr/lib/jvm/c", "25");
    installation.java("usr/lib/jvm/d", "9.0.4");

    installation.run("status");

    assertThat(installation.started()).first().isEqualTo(newest.resolve("bin/java").toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"24.0.2", "1.8.0_452", "17", "garbage", ""})
  void passesOverAnOlderJava(String version) throws IOException {
    Path old = installation.java("old", version);
    installation.java("");

    installation.run(Map.of("ETHERWS_JAVA_HOME", old.toString()), "status");

    assertThat(installation.started()).first().asString().endsWith("/usr/lib/jvm/jdk/bin/java");
  }

  @Test
  void saysInTwoLinesThatThereIsNoJava() throws IOException {
    installation.java("usr/lib/jvm/old", "24.0.2");

    Finished finished = installation.run("server");

    assertThat(finished.status()).isEqualTo(69);
    assertThat(finished.err().lines())
        .hasSize(2)
        .allMatch(line -> line.startsWith("etherws: "))
        .last()
        .asString()
        .contains("install", "ETHERWS_JAVA_HOME");
  }

  @Test
  void buildsTheJarOnFirstUseOnly() throws IOException {
    installation.java("");
    Files.delete(installation.jar());
    installation.maven(MAVEN_THAT_BUILDS);

    assertThat(installation.run("status"))
        .isEqualTo(new Finished(0, "", "building etherws (first use only) ...\n" + TRAINING));
    assertThat(installation.run("status")).isEqualTo(new Finished(0, "", ""));
    assertThat(builds())
        .containsExactly(root + "/usr/lib/jvm/jdk -q -B -Dmaven.test.skip=true package");
  }

  @Test
  void buildsAgainWhenASourceIsNewer() throws IOException {
    installation.java("");
    installation.maven(MAVEN_THAT_BUILDS);
    Files.setLastModifiedTime(installation.jar(), FileTime.fromMillis(0));

    assertThat(installation.run("status").err())
        .isEqualTo("building etherws (its sources have changed) ...\n" + TRAINING);
  }

  @Test
  void runsAnOldJarWhereItCannotBuild() throws IOException {
    installation.java("");
    installation.maven("");
    Files.delete(installation.path().resolve("mvn"));
    Files.setLastModifiedTime(installation.jar(), FileTime.fromMillis(0));

    assertThat(installation.run("status")).isEqualTo(new Finished(0, "", ""));
  }

  @Test
  void waitsForABuildThatIsUnderWay() throws Exception {
    installation.java("");
    Files.delete(installation.jar());
    installation.maven(MAVEN_THAT_BUILDS);
    String lock = installation.target().resolve("lock").toString();
    Process otherBuild =
        installation.start(Map.of(), List.of("flock", lock, "sh", "-c", "echo locked; read -r go"));
    assertThat(otherBuild.inputReader().readLine()).isEqualTo("locked");

    Process launcher =
        installation.start(Map.of(), List.of(installation.launcher().toString(), "status"));
    assertThat(launcher.waitFor(300, MILLISECONDS)).isFalse();
    Files.createFile(installation.jar());
    Installation.finish(otherBuild, "go\n");

    assertThat(Installation.finish(launcher, "")).isEqualTo(new Finished(0, "", TRAINING));
    assertThat(root.resolve("built")).doesNotExist();
  }

  @Test
  void showsTheEndOfAFailedBuildAndTriesAgain() throws IOException {
    installation.java("");
    Files.delete(installation.jar());
    installation.maven("cd \"$ROOT\"/a*spaces && : >target/etherws.jar; echo broken; exit 1");

    for (int attempt = 0; attempt < 2; attempt++) {
      Finished finished = installation.run("status");

      assertThat(finished.status()).isEqualTo(70);
      assertThat(finished.err().lines())
          .contains("broken")
          .last()
          .asString()
          .endsWith("target/build.log");
    }
  }

  @Test
  void saysInTwoLinesThatThereIsNoMaven() throws IOException {
    installation.java("");
    Files.delete(installation.jar());
    installation.maven("");
    Files.delete(installation.path().resolve("mvn"));

    Finished finished = installation.run("status");

    assertThat(finished.status()).isEqualTo(69);
    assertThat(finished.err().lines()).hasSize(2).last().asString().contains("maven");
  }

  @Test
  void makesACacheOnceAfterABuildAndUsesIt() throws IOException {
    installation.java(JAVA_THAT_TRAINS);
    Files.delete(installation.cache());

    assertThat(installation.run("status")).isEqualTo(new Finished(0, "", TRAINING));
    assertThat(installation.run("status")).isEqualTo(new Finished(0, "", ""));
    assertThat(installation.started())
        .containsSubsequence("-XX:AOTCache=" + installation.cache(), "-jar");
  }

  @Test
  void trainsUnderTheOptionsOfEveryDay() throws IOException {
    installation.java(
        "case $* in *AOTCacheOutput*) cp \"$ROOT/started\" \"$ROOT/trained\" ;; esac");
    Files.delete(installation.cache());
    Files.copy(Path.of("/bin/cp"), installation.path().resolve("cp"));

    installation.run("status");

    List<String> trained = Files.readAllLines(root.resolve("trained"));
    assertThat(trained).last().isEqualTo("train");
    assertThat(installation.started()).containsAll(trained.subList(0, trained.indexOf("-jar") - 1));
  }

  @Test
  void doesWithoutACacheThatCannotBeMade() throws IOException {
    installation.java("case $* in *AOTCacheOutput*) echo noise; exit 1 ;; esac");
    Files.delete(installation.cache());

    assertThat(installation.run("status")).isEqualTo(new Finished(0, "", TRAINING));
    assertThat(installation.run("status")).isEqualTo(new Finished(0, "", ""));
    assertThat(installation.started()).noneMatch(option -> option.contains("AOT"));
  }

  @Test
  void makesANewCacheForANewJar() throws IOException {
    installation.java(JAVA_THAT_TRAINS);
    Files.setLastModifiedTime(installation.cache(), FileTime.fromMillis(0));

    assertThat(installation.run("status").err()).isEqualTo(TRAINING);
  }

  private List<String> builds() throws IOException {
    return Files.readAllLines(root.resolve("built"));
  }
}
