package etherws.config;

import static org.assertj.core.api.Assertions.assertThat;

import etherws.config.Section.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlTable;

/** {@code docs/config.md} says what the schema says, and its example is a file that works. */
class ConfigDocumentTest {
  private static final Path DOCUMENT = Path.of("docs", "config.md");
  private static final String GENERATED = "-Dconfig.fix=true -->\n";

  @TempDir private Path folder;

  @Test
  void theReferenceIsThatOfTheSchema() throws IOException {
    String document = Files.readString(DOCUMENT);
    String written = document.substring(0, document.indexOf(GENERATED) + GENERATED.length());
    if (Boolean.getBoolean("config.fix")) {
      Files.writeString(DOCUMENT, written + reference());
    }

    assertThat(Files.readString(DOCUMENT))
        .as("run it with -Dconfig.fix=true")
        .isEqualTo(written + reference());
  }

  @Test
  void theExampleHasEveryKey() throws IOException {
    TomlTable example = Toml.parse(Example.text());

    for (Section section : Schema.SECTIONS) {
      List<String> own =
          section.keys().stream()
              .filter(key -> section == Schema.CLIENTS || !PolicyKeys.ALL.contains(key))
              .map(Key::name)
              .filter(key -> !(section == Schema.CLIENTS && key.equals("tagged")))
              .toList();
      assertThat(tables(example, section).flatMap(table -> table.keySet().stream()))
          .as(section.header())
          .containsAll(own);
    }
    assertThat(Example.text()).contains("\ntagged = ");
  }

  @Test
  void theExampleIsRight() throws Exception {
    Path file = Example.in(folder);

    assertThat(new ConfigFile(file, Example.NO_PROMPT).read().node().networks()).hasSize(2);
  }

  /** The tables of a section, wherever they are. */
  private static Stream<TomlTable> tables(TomlTable root, Section section) {
    if (section.parent() == null) {
      return Stream.of(root);
    }
    Stream<Object> there =
        tables(root, section.parent()).map(parent -> parent.get(List.of(section.name())));
    return there
        .filter(value -> value != null)
        .flatMap(value ->
            switch (value) {
              case TomlArray array -> array.toList().stream();
              case TomlTable table when section.kind() == Kind.NAMED ->
                  table.keySet().stream().map(name -> table.get(List.of(name)));
              default -> Stream.of(value);
            })
        .map(TomlTable.class::cast);
  }

  private static String reference() {
    StringBuilder text = new StringBuilder();
    for (Section section : Schema.SECTIONS) {
      String title = section.parent() == null ? "Top of the file" : "`" + section.header() + "`";
      text.append("\n### ").append(title).append("\n\n").append(capital(section.sentence()));
      boolean policied = section.keys().containsAll(PolicyKeys.ALL);
      List<Key<?>> keys =
          policied
              ? section.keys().stream().filter(key -> !PolicyKeys.ALL.contains(key)).toList()
              : section.keys();
      text.append(policied && !keys.isEmpty() ? ". Beside these the keys of a policy, below" : "");
      text.append(keys.isEmpty() ? ". Its keys are those of a policy, below.\n" : ".\n\n");
      rows(keys, text);
    }
    text.append("\n### Policy of a port\n\n");
    rows(PolicyKeys.ALL, text);
    return text.toString();
  }

  private static void rows(List<Key<?>> keys, StringBuilder text) {
    if (!keys.isEmpty()) {
      text.append("| key | value | default | |\n|---|---|---|---|\n");
    }
    for (Key<?> key : keys) {
      text.append(
          "| `%s` | %s | %s | %s |\n"
              .formatted(key.name(), key.type().words(), key.otherwise(), key.sentence()));
    }
  }

  private static String capital(String sentence) {
    return sentence.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + sentence.substring(1);
  }
}
