package etherws.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The effective settings of one table and those within it, as TOML that says where each is from.
 */
final class Listing {
  private static final int COLUMN = 40;

  private final String header;
  private final Map<String, String> lines = new LinkedHashMap<>();
  private final List<Listing> within = new ArrayList<>();

  /**
   * @param header empty for the file itself
   */
  Listing(String header) {
    this.header = header;
  }

  Listing add(String header) {
    Listing child = new Listing(header);
    within.add(child);
    return child;
  }

  /** A key and its value; said again, it replaces the first. */
  <T> void value(Key<T> key, T value, String origin) {
    String assignment = key.name() + " = " + key.type().write(value);
    lines.put(key.name(), assignment + " ".repeat(pad(assignment)) + "# " + origin);
  }

  /** A key that has no value. */
  void unset(Key<?> key) {
    lines.put(key.name(), "# " + key.name() + ": " + key.otherwise());
  }

  void note(String note) {
    lines.put(note, "# " + note);
  }

  private static int pad(String assignment) {
    return Math.max(1, COLUMN - assignment.length());
  }

  String text() {
    StringBuilder text = new StringBuilder();
    write(text);
    return text.toString();
  }

  private void write(StringBuilder text) {
    if (!header.isEmpty()) {
      text.append('\n').append(header).append('\n');
    }
    lines.values().forEach(line -> text.append(line).append('\n'));
    within.forEach(child -> child.write(text));
  }
}
