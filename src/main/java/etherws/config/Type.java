package etherws.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlTable;

/**
 * What the value of a key may be, in the file and in here.
 *
 * @param words what to give, after "give"
 * @param reader from what the TOML parser makes of it
 * @param writer to TOML
 */
record Type<T>(String words, Reader<T> reader, Function<T, String> writer) {
  /** From what the TOML parser makes of a value to ours. */
  @FunctionalInterface
  interface Reader<T> {
    /**
     * Reads a value.
     *
     * @param folder that relative paths start from
     */
    T read(Object value, Path folder) throws WrongValue;
  }

  /** From the text of a string. */
  @FunctionalInterface
  interface Parser<T> {
    T parse(String text) throws WrongValue;
  }

  static final Type<Boolean> BOOLEAN =
      new Type<>("true or false", (value, _) -> as(Boolean.class, value), String::valueOf);

  static final Type<String> TEXT = ofText("a string", text -> text, text -> text);

  /** An array of strings, and nothing shorter: a command and its arguments. */
  static final Type<List<String>> WORDS =
      new Type<>(
          "an array of strings",
          (value, folder) -> list(TEXT).read(as(TomlArray.class, value), folder),
          words -> list(TEXT).write(words));

  T read(Object value, Path folder) throws WrongValue {
    return reader.read(value, folder);
  }

  String write(T value) {
    return writer.apply(value);
  }

  /** A string that is more than text. */
  static <T> Type<T> ofText(String words, Parser<T> parser, Function<T, String> writer) {
    return new Type<>(
        words, (value, _) -> parser.parse(text(value)), value -> quote(writer.apply(value)));
  }

  static Type<Integer> whole(int least, int most) {
    return new Type<>(
        "a whole number from %d to %d".formatted(least, most),
        (value, _) -> {
          long number = as(Long.class, value);
          if (number < least || number > most) {
            throw new WrongValue(number + " is out of range");
          }
          return (int) number;
        },
        String::valueOf);
  }

  /** One, or an array of them. */
  static <T> Type<List<T>> list(Type<T> element) {
    return new Type<>(
        element.words() + ", or an array of such",
        (value, folder) ->
            value instanceof TomlArray array
                ? elements(element, array, folder)
                : List.of(element.read(value, folder)),
        all -> all.stream().map(element::write).collect(Collectors.joining(", ", "[", "]")));
  }

  private static <T> List<T> elements(Type<T> type, TomlArray array, Path folder)
      throws WrongValue {
    List<T> all = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      try {
        all.add(type.read(array.get(i), folder));
      } catch (WrongValue wrong) {
        throw wrong.of(i);
      }
    }
    return List.copyOf(all);
  }

  /** The text of a string, which goes into messages, paths and arguments. */
  static String text(Object value) throws WrongValue {
    String text = as(String.class, value);
    if (text.isEmpty()) {
      throw new WrongValue("is empty");
    }
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new WrongValue("has a control character in it");
    }
    return text;
  }

  static <C> C as(Class<C> wanted, Object value) throws WrongValue {
    if (!wanted.isInstance(value)) {
      throw new WrongValue("is " + kind(value));
    }
    return wanted.cast(value);
  }

  /** What a value is, for a message. */
  static String kind(Object value) {
    return switch (value) {
      case String _ -> "a string";
      case Long _ -> "a whole number";
      case Double _ -> "a decimal number";
      case Boolean flag -> flag.toString();
      case TomlArray _ -> "an array";
      case TomlTable _ -> "a table";
      default -> "a date or time";
    };
  }

  /** A basic string. */
  static String quote(String text) {
    return "\"" + Toml.tomlEscape(text) + "\"";
  }
}
