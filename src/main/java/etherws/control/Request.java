package etherws.control;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What somebody asks for.
 *
 * @param path the variable parts of the path
 * @param query the first value of each name
 * @param body what was sent along
 */
record Request(Map<String, String> path, Map<String, String> query, String body) {

  /** The JSON object sent along, empty if nothing was. */
  @SuppressWarnings("unchecked") // Json's objects have no other keys than texts
  Map<String, @Nullable Object> object() throws BadRequest {
    if (body.isBlank()) {
      return Map.of();
    }
    try {
      if (Json.read(body) instanceof Map<?, ?> object) {
        return (Map<String, @Nullable Object>) object;
      }
    } catch (IllegalArgumentException e) {
      throw new BadRequest("the body is no JSON: " + e.getMessage(), null);
    }
    throw new BadRequest("the body is no JSON object", null);
  }

  PortId port() throws BadRequest {
    return new PortId(path.getOrDefault("network", ""), number("number"));
  }

  private int number(String name) throws BadRequest {
    return (int) parse(name, path.getOrDefault(name, ""), Integer.MAX_VALUE);
  }

  /** A number of the query. */
  long number(String name, long otherwise, long most) throws BadRequest {
    String text = query.get(name);
    return text == null ? otherwise : parse(name, text, most);
  }

  /** A port of the query, as {@code lab/3}; null if none is given. */
  @Nullable PortId queryPort() throws BadRequest {
    String text = query.get("port");
    if (text == null) {
      return null;
    }
    int slash = text.lastIndexOf('/');
    if (slash < 0) {
      throw new BadRequest("port is not " + text, "give NETWORK/NUMBER");
    }
    String number = text.substring(slash + 1);
    return new PortId(text.substring(0, slash), (int) parse("port", number, Integer.MAX_VALUE));
  }

  @Nullable String text(String name) throws BadRequest {
    Object value = object().get(name);
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw new BadRequest(name + " is no text", null);
  }

  @Nullable Integer integer(String name) throws BadRequest {
    Object value = object().get(name);
    if (value == null) {
      return null;
    }
    if (value instanceof Long number && number == number.intValue()) {
      return number.intValue();
    }
    throw new BadRequest(name + " is no integer", null);
  }

  private static long parse(String name, String text, long most) throws BadRequest {
    try {
      long number = Long.parseLong(text);
      if (number >= 0 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // as below
    }
    throw new BadRequest(name + " is not " + text, "give a number from 0 to " + most);
  }
}
