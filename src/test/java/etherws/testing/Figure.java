package etherws.testing;

import java.util.Locale;

/**
 * Measured figures, printed so that {@code dev/figures} finds them: a line each, {@code figure:
 * name: what was measured}. {@code docs/reliability.md} quotes them.
 */
public final class Figure {
  /**
   * How much wider than they say bounds of time are. {@code dev/figures} takes them at their word;
   * {@code ./test} has company, itself and whoever else is on the machine, and there only what is
   * broken shall fail.
   */
  public static final int SLACK = Boolean.getBoolean("figures.strict") ? 1 : 4;

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
