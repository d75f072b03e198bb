package etherws.capture;

/** An expression that says nothing about frames. */
public final class FilterException extends Exception {
  private static final long serialVersionUID = 1;

  private final int column;
  private final String hint;

  FilterException(int column, String what, String hint) {
    super("filter, column " + column + ": " + what);
    this.column = column;
    this.hint = hint;
  }

  /** Of the first character that is wrong, from 1. */
  public int column() {
    return column;
  }

  /** What would be right. */
  public String hint() {
    return hint;
  }
}
