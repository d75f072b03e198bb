package etherws.testing;

import java.util.Locale;

/**
 * Measured figures, printed so that {@code dev/figures} finds them: a line each, {@code figure:
 * name: what was measured}. {@code docs/reliability.md} quotes them.
 */
public final class Figure {
  private Figure() {}

  /**
   * Prints a figure.
   *
   * @param name as in {@code docs/reliability.md}
   * @param format of {@link String#format}; says the unit and the bound, as in "%.2f s (at most 3)"
   */
  @SuppressWarnings("AnnotateFormatMethod") // its annotation is in a library that we have not
  public static void print(String name, String format, Object... values) {
    System.out.println("figure: " + name + ": " + String.format(Locale.ROOT, format, values));
  }
}
