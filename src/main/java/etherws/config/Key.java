package etherws.config;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * A key that a section of the file may have.
 *
 * @param fallback its value when it is not there, if that is the same everywhere
 * @param otherwise what holds when it is not there, in words or as a value
 * @param sentence what it does
 */
record Key<T>(String name, Type<T> type, @Nullable T fallback, String otherwise, String sentence) {
  private static final String REQUIRED = "required";

  /** Without it a value holds. */
  static <T> Key<T> of(String name, Type<T> type, T fallback, String sentence) {
    return new Key<>(name, type, fallback, type.write(fallback), sentence);
  }

  /** Without it there is no value, or one that depends. */
  static <T> Key<T> optional(String name, Type<T> type, String otherwise, String sentence) {
    return new Key<>(name, type, null, otherwise, sentence);
  }

  static <T> Key<T> required(String name, Type<T> type, String sentence) {
    return new Key<>(name, type, null, REQUIRED, sentence);
  }

  T value() {
    return requireNonNull(fallback);
  }
}
