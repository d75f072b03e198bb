package etherws;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Every source file stands as google-java-format would print it. {@code dev/format} runs this test
 * with {@code -Dformat.fix=true}, which rewrites the files instead.
 */
@Execution(ExecutionMode.CONCURRENT)
class FormatTest {
  @Test
  void sourcesAreFormatted() throws Exception {
    List<Path> unformatted = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("src"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        String source = Files.readString(file);
        String formatted = format(source);
        if (!formatted.equals(source)) {
          unformatted.add(file);
          if (Boolean.getBoolean("format.fix")) {
            Files.writeString(file, formatted);
          }
        }
      }
    }
    if (!Boolean.getBoolean("format.fix")) {
      assertThat(unformatted).as("run dev/format").isEmpty();
    }
  }

  private static String format(String source) throws Exception {
    String tidy = RemoveUnusedImports.removeUnusedImports(source);
    tidy = ImportOrderer.reorderImports(tidy, JavaFormatterOptions.Style.GOOGLE);
    return new Formatter().formatSource(tidy);
  }
}
