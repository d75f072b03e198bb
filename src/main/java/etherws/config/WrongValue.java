package etherws.config;

/** A value that its key can't have; the message says what it is instead. */
final class WrongValue extends Exception {
  private static final long serialVersionUID = 1;
  private static final int WHOLE = -1;

  private final int element;

  WrongValue(String what) {
    this(what, WHOLE);
  }

  private WrongValue(String what, int element) {
    super(what, null, false, false);
    this.element = element;
  }

  /** The same, of one element of an array. */
  WrongValue of(int index) {
    return new WrongValue(what(), index);
  }

  String what() {
    return String.valueOf(getMessage());
  }

  /** The index of the array's element that is wrong; below 0 if it is the whole value. */
  int element() {
    return element;
  }
}
