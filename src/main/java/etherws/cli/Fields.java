package etherws.cli;

import etherws.control.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An object of a node's answer. What an older or newer node leaves out is empty. */
record Fields(Map<?, ?> values) {
  static Fields of(String json) throws AskException {
    try {
      if (Json.read(json) instanceof Map<?, ?> values) {
        return new Fields(values);
      }
    } catch (IllegalArgumentException e) {
      // as below
    }
    throw new AskException(ExitStatus.INTERNAL, "the node's answer is no JSON object");
  }

  /** Numbers as digits; empty where there is nothing. */
  String text(String name) {
    Object value = values.get(name);
    return value == null ? "" : value.toString();
  }

  boolean is(String name) {
    return Boolean.TRUE.equals(values.get(name));
  }

  long number(String name) {
    return values.get(name) instanceof Number number ? number.longValue() : 0;
  }

  /** Empty where there is none. */
  Fields object(String name) {
    return object(values.get(name));
  }

  List<Fields> objects(String name) {
    List<?> list = values.get(name) instanceof List<?> items ? items : List.of();
    return list.stream().map(Fields::object).toList();
  }

  /** The numbers of a list. */
  List<String> texts(String name) {
    List<?> list = values.get(name) instanceof List<?> items ? items : List.of();
    return list.stream().map(String::valueOf).toList();
  }

  /** All numbers of an object together. */
  long sum() {
    return values.values().stream()
        .mapToLong(value -> value instanceof Number number ? number.longValue() : 0)
        .sum();
  }

  /** {@code lab/3}. */
  String port() {
    return text("network") + "/" + text("number");
  }

  private static Fields object(@Nullable Object item) {
    return new Fields(item instanceof Map<?, ?> object ? object : Map.of());
  }
}
