package etherws.cli;

import java.util.ArrayList;
import java.util.List;

/** Text in aligned columns; those whose heading begins with {@code >} are aligned right. */
final class Table {
  private static final String GAP = "  ";

  private final List<String> headings;
  private final List<List<String>> rows = new ArrayList<>();

  Table(String... headings) {
    this.headings = List.of(headings);
  }

  /** Adds a row; an empty cell becomes a dash. */
  void row(String... cells) {
    rows.add(List.of(cells));
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  @Override
  public String toString() {
    List<List<String>> lines = new ArrayList<>();
    lines.add(headings.stream().map(heading -> heading.replaceFirst("^>", "")).toList());
    rows.forEach(row -> lines.add(row.stream().map(cell -> cell.isEmpty() ? "-" : cell).toList()));
    StringBuilder text = new StringBuilder();
    for (List<String> line : lines) {
      StringBuilder columns = new StringBuilder();
      for (int i = 0; i < line.size(); i++) {
        pad(line.get(i), width(lines, i), headings.get(i).startsWith(">"), columns);
        columns.append(GAP);
      }
      text.append(columns.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private static int width(List<List<String>> lines, int column) {
    return lines.stream().mapToInt(line -> line.get(column).length()).max().orElse(0);
  }

  private static void pad(String cell, int width, boolean right, StringBuilder out) {
    String blanks = " ".repeat(width - cell.length());
    out.append(right ? blanks + cell : cell + blanks);
  }
}
