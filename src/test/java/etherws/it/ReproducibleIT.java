package etherws.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import etherws.testing.Command;
import etherws.testing.Figure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever builds the sources anywhere gets what we have got, octet by octet. */
class ReproducibleIT {
  private static final List<String> SOURCES = List.of("pom.xml", "etherws", "src/main", "dev");
  private static final List<String> BUILT = List.of("etherws.jar", "etherws-sbom.json");

  @TempDir private Path elsewhere;

  @Test
  void aSecondBuildInAnotherFolderIsTheSame() throws Exception {
    assumeTrue(Command.of("mvn", "--version").run().status() == 0, "needs mvn");
    for (String source : SOURCES) {
      Path copy = elsewhere.resolve(source);
      Files.createDirectories(copy.getParent());
      Command.of("cp", "-r", source, copy.toString()).succeed();
    }

    Command.of(
            "mvn",
            "-B",
            "-q",
            "-f",
            elsewhere.resolve("pom.xml").toString(),
            "-Dmaven.test.skip=true",
            "package")
        .within(Duration.ofMinutes(3))
        .succeed();

    for (String file : BUILT) {
      String ours = sha256(Path.of("target", file));
      Path theirs = elsewhere.resolve("target").resolve(file);
      assertThat(sha256(theirs)).as(file).isEqualTo(ours);
      Figure.print("built twice: " + file, "sha256 %s both times", ours);
    }
  }

  private static String sha256(Path file) throws Exception {
    byte[] octets = Files.readAllBytes(file);
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
  }
}
