package etherws.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Whatever stands in the file, it is settings or a list of problems. */
@Execution(ExecutionMode.CONCURRENT)
class ConfigRandomTest {
  private static final int MUTANTS = 2_000;

  @TempDir private Path folder;

  @Test
  void noMutantOfTheExampleIsABug() throws Exception {
    Path file = Example.in(folder);
    byte[] example = Files.readAllBytes(file);
    int good = 0;
    int bad = 0;
    for (int seed = 0; seed < MUTANTS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      byte[] mutant = example;
      for (int i = random.nextInt(1, 4); i > 0; i--) {
        mutant = random.nextBoolean() ? garbled(mutant, random) : shuffled(mutant, random);
      }
      Files.write(file, mutant);
      try {
        ConfigFile config = new ConfigFile(file, Example.NO_PROMPT);
        NodeConfig before = config.read();
        Files.writeString(file, config.show());
        assertThat(config.read().node()).as("seed %d", seed).isEqualTo(before.node());
        good++;
      } catch (ConfigException e) {
        assertThat(e.problems()).as("seed %d", seed).isNotEmpty();
        bad++;
      } catch (RuntimeException | Error e) {
        fail("seed %d: %s".formatted(seed, new String(mutant, StandardCharsets.UTF_8)), e);
      }
    }
    assertThat(good).isPositive();
    assertThat(bad).isGreaterThan(MUTANTS / 4);
  }

  /** Some octets deleted, doubled, or others. */
  private static byte[] garbled(byte[] octets, SplittableRandom random) {
    int from = random.nextInt(octets.length);
    int length = random.nextInt(Math.min(8, octets.length - from)) + 1;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(octets, 0, from);
    switch (random.nextInt(3)) {
      case 0 -> {}
      case 1 -> {
        out.write(octets, from, length);
        out.write(octets, from, length);
      }
      default -> {
        byte[] other = new byte[length];
        random.nextBytes(other);
        for (byte octet : other) {
          out.write(random.nextInt(4) == 0 ? octet : " \"[]{}=.,#-0159azt\n".charAt(octet & 15));
        }
      }
    }
    out.write(octets, from + length, octets.length - from - length);
    return out.toByteArray();
  }

  /** A line deleted, doubled, or moved. */
  private static byte[] shuffled(byte[] octets, SplittableRandom random) {
    List<String> lines =
        new ArrayList<>(List.of(new String(octets, StandardCharsets.ISO_8859_1).split("\n", -1)));
    String line = lines.get(random.nextInt(lines.size()));
    if (random.nextInt(3) > 0) {
      lines.remove(line);
    }
    if (random.nextInt(3) > 0) {
      lines.add(random.nextInt(lines.size() + 1), line);
    }
    return String.join("\n", lines).getBytes(StandardCharsets.ISO_8859_1);
  }
}
