package etherws.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * One table of a file: gives the values of its keys, and notes what is wrong with them and where
 * each comes from. A key may be read again, to the same effect.
 */
final class Table {
  private static final TomlTable EMPTY = Toml.parse("");
  private static final TomlPosition START = TomlPosition.positionAt(1, 1);

  private final Reading reading;
  private final Section section;
  private final List<String> path;
  private final TomlTable toml;
  private final TomlPosition start;
  private final Listing listing;

  private Table(
      Reading reading,
      Section section,
      List<String> path,
      TomlTable toml,
      TomlPosition start,
      Listing listing) {
    this.reading = reading;
    this.section = section;
    this.path = path;
    this.toml = toml;
    this.start = start;
    this.listing = listing;
    toml.keySet().forEach(this::checkName);
  }

  /** The file itself. */
  static Table root(Reading reading, TomlTable toml) {
    return new Table(reading, Schema.NODE, List.of(), toml, START, new Listing(""));
  }

  /** Of the process that reads the file. */
  Map<String, String> environment() {
    return reading.environment();
  }

  /** Of the file, over all its readings. */
  InputFiles inputs() {
    return reading.inputs();
  }

  /** What this table and those within it have come to. */
  Listing listing() {
    return listing;
  }

  /** Whether the key is there, even with a wrong value. */
  boolean has(Key<?> key) {
    return toml.contains(List.of(key.name()));
  }

  /** Whether there is a table of that section, or something else in its place. */
  boolean has(Section child) {
    return toml.contains(List.of(child.name()));
  }

  /** The value in the file, or that of the key when there is none. */
  <T> T get(Key<T> key) {
    return get(key, key.value());
  }

  /** The value in the file, or {@code fallback}. */
  <T> T get(Key<T> key, T fallback) {
    T own = own(key);
    if (own != null) {
      return own;
    }
    if (!section.inherits()) {
      listing.value(key, fallback, "default");
    }
    return fallback;
  }

  /** The value in the file, or null. */
  <T> @Nullable T find(Key<T> key) {
    T own = own(key);
    if (own == null && !section.inherits()) {
      listing.unset(key);
    }
    return own;
  }

  /** The value in the file, which must be there; null when it is missing or wrong. */
  <T> @Nullable T require(Key<T> key) {
    if (!has(key)) {
      report(start, List.of(key.name()), "is missing", "add %s = ...".formatted(key.name()));
    }
    return own(key);
  }

  private <T> @Nullable T own(Key<T> key) {
    Object value = toml.get(List.of(key.name()));
    if (value == null) {
      return null;
    }
    try {
      T own = key.type().read(value, reading.folder());
      if (key.type().equals(Paths.INPUT)) {
        reading.inputs().check((Path) own);
      }
      listing.value(key, own, reading.file().getFileName() + ":" + position(key).line());
      return own;
    } catch (WrongValue wrong) {
      TomlPosition place = position(key);
      if (value instanceof TomlArray array) {
        place = position(array, wrong.element(), place);
      }
      report(place, List.of(key.name()), wrong.what(), "give " + key.type().words());
      return null;
    }
  }

  /** The table of that section in this one, empty when it is not there. */
  Table child(Section child) {
    Object value = toml.get(List.of(child.name()));
    if (value instanceof TomlTable table) {
      return table(child, List.of(child.name()), table, position(child.name()));
    }
    if (value != null) {
      wrongKind(child, value, List.of(child.name()), position(child.name()));
    }
    return table(child, List.of(child.name()), EMPTY, start);
  }

  /** The tables of that section in this one, in their order. */
  List<Table> each(Section child) {
    List<Table> tables = new ArrayList<>();
    Object value = toml.get(List.of(child.name()));
    List<String> place = List.of(child.name());
    if (value instanceof TomlArray array) {
      for (int i = 0; i < array.size(); i++) {
        TomlPosition position = position(array, i, start);
        if (array.get(i) instanceof TomlTable table) {
          tables.add(table(child, place, table, position));
        } else {
          wrongKind(child, array.get(i), place, position);
        }
      }
    } else if (value != null) {
      wrongKind(child, value, place, position(child.name()));
    }
    return tables;
  }

  /** The tables of that section in this one, by their names. */
  Map<String, Table> named(Section child) {
    Map<String, Table> tables = new LinkedHashMap<>();
    Object value = toml.get(List.of(child.name()));
    if (value instanceof TomlTable all) {
      for (String name : all.keySet()) {
        List<String> place = List.of(child.name(), name);
        TomlPosition position = position(all, name);
        Object one = all.get(List.of(name));
        if (one instanceof TomlTable table) {
          tables.put(name, table(child, place, table, position));
        } else if (one != null) {
          wrongKind(child, one, place, position);
        }
      }
    } else if (value != null) {
      wrongKind(child, value, List.of(child.name()), position(child.name()));
    }
    return tables;
  }

  private Table table(Section child, List<String> place, TomlTable table, TomlPosition position) {
    List<String> full = Stream.concat(path.stream(), place.stream()).toList();
    return new Table(reading, child, full, table, position, listing.add(child.header(full)));
  }

  private void wrongKind(Section child, Object value, List<String> place, TomlPosition position) {
    report(position, place, "is " + Type.kind(value), "write " + child.header());
  }

  private void checkName(String name) {
    List<String> known =
        Stream.concat(
                section.keys().stream().map(Key::name),
                Schema.children(section).stream().map(Section::name))
            .toList();
    if (!known.contains(name)) {
      report(position(name), List.of(name), "is not known here", hint(name, known));
    }
  }

  private static String hint(String name, List<String> known) {
    String near = Nearest.of(name, known);
    if (near != null) {
      return "did you mean " + near + "?";
    }
    String elsewhere =
        Schema.SECTIONS.stream()
            .filter(other -> other.keys().stream().anyMatch(key -> key.name().equals(name)))
            .map(other -> other.parent() == null ? "the top of the file" : other.header())
            .limit(3)
            .collect(Collectors.joining(" or "));
    return elsewhere.isEmpty()
        ? "known are " + String.join(", ", known)
        : "it belongs to " + elsewhere;
  }

  /** Says that the key's value can't be. */
  void report(Key<?> key, String what, String hint) {
    report(has(key) ? position(key) : start, List.of(key.name()), what, hint);
  }

  /** Says that one element of the key's array can't be. */
  void report(Key<?> key, int element, String what, String hint) {
    TomlPosition place = position(key);
    if (toml.get(List.of(key.name())) instanceof TomlArray array) {
      place = position(array, element, place);
    }
    report(place, List.of(key.name()), what, hint);
  }

  /** Says that the table as a whole can't be. */
  void report(String what, String hint) {
    report(start, List.of(), what, hint);
  }

  private void report(TomlPosition place, List<String> names, String what, String hint) {
    reading.problems().add(Problem.at(place, reading.file(), dotted(names), what, hint));
  }

  /** Says that the key's value is unwise. */
  void warn(Key<?> key, String what, String hint) {
    TomlPosition place = has(key) ? position(key) : start;
    reading
        .warnings()
        .add(Problem.at(place, reading.file(), dotted(List.of(key.name())), what, hint));
  }

  /** The line of the key, or that of the table's header. */
  int line(Key<?> key) {
    return (has(key) ? position(key) : start).line();
  }

  private String dotted(List<String> names) {
    return Toml.joinKeyPath(Stream.concat(path.stream(), names.stream()).toList());
  }

  private TomlPosition position(Key<?> key) {
    return position(key.name());
  }

  private TomlPosition position(String name) {
    return position(toml, name);
  }

  private TomlPosition position(TomlTable table, String name) {
    return Objects.requireNonNullElse(table.inputPositionOf(List.of(name)), start);
  }

  /** Of an element, or {@code otherwise} when the array has none of this index. */
  private static TomlPosition position(TomlArray array, int element, TomlPosition otherwise) {
    TomlPosition position =
        element < 0 || element >= array.size() ? null : array.inputPositionOf(element);
    return Objects.requireNonNullElse(position, otherwise);
  }
}
