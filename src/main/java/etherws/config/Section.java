package etherws.config;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;

/**
 * A kind of table of the file.
 *
 * @param name the last word of its header; empty for the file itself
 * @param parent the table that it is in
 * @param keys those that it may have, in the order in which they are shown
 * @param inherits what it does not say stands elsewhere: its defaults are not shown
 */
record Section(
    String name,
    @Nullable Section parent,
    Kind kind,
    boolean inherits,
    String sentence,
    List<Key<?>> keys) {

  /** How often it may be there. */
  enum Kind {
    /** Once: {@code [name]}. */
    SINGLE,
    /** Any number of times: {@code [[name]]}. */
    ARRAY,
    /** Any number of times, each with a name of its own: {@code [name.NAME]}. */
    NAMED
  }

  /** With {@code NAME} for the names that people give. */
  String header() {
    return header(path());
  }

  /** Of one such table, by the words of its place. */
  String header(List<String> path) {
    String dotted = path.stream().map(Section::word).collect(Collectors.joining("."));
    return kind == Kind.ARRAY ? "[[" + dotted + "]]" : "[" + dotted + "]";
  }

  private List<String> path() {
    if (parent == null) {
      return List.of();
    }
    List<String> path = new ArrayList<>(parent.path());
    path.add(name);
    if (kind == Kind.NAMED) {
      path.add("NAME");
    }
    return path;
  }

  private static String word(String key) {
    return Toml.joinKeyPath(List.of(key));
  }
}
