package etherws.control;

import java.io.ByteArrayOutputStream;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * JSON of plain values: maps, lists, texts, numbers, truth values, null; written, records and enums
 * too. A record is an object with the names of its components, {@code fdbSize} as {@code fdb_size}.
 */
public final class Json {
  private static final JsonFactory FACTORY = new JsonFactory();

  private Json() {}

  public static byte[] write(@Nullable Object value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
      write(value, json);
    }
    return out.toByteArray();
  }

  private static void write(@Nullable Object value, JsonGenerator json) {
    switch (value) {
      case null -> json.writeNull();
      case Boolean truth -> json.writeBoolean(truth);
      case Integer number -> json.writeNumber(number);
      case Long number -> json.writeNumber(number);
      case Double number -> json.writeNumber(number);
      case Enum<?> constant -> json.writeString(name(constant));
      case Map<?, ?> map -> {
        json.writeStartObject();
        map.forEach((key, item) -> {
          json.writeName(key instanceof Enum<?> constant ? name(constant) : String.valueOf(key));
          write(item, json);
        });
        json.writeEndObject();
      }
      case List<?> list -> {
        json.writeStartArray();
        list.forEach(item -> write(item, json));
        json.writeEndArray();
      }
      case Record fields -> {
        json.writeStartObject();
        for (RecordComponent field : fields.getClass().getRecordComponents()) {
          json.writeName(snake(field.getName()));
          write(valueOf(field, fields), json);
        }
        json.writeEndObject();
      }
      default -> json.writeString(value.toString());
    }
  }

  private static @Nullable Object valueOf(RecordComponent field, Record fields) {
    try {
      return field.getAccessor().invoke(fields);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a record without its own component " + field, e);
    }
  }

  /** What stands for a constant. */
  static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static String snake(String name) {
    StringBuilder snake = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (Character.isUpperCase(c)) {
        snake.append('_');
      }
      snake.append(Character.toLowerCase(c));
    }
    return snake.toString();
  }

  /**
   * Maps, lists, {@code String}, {@code Long}, {@code Double}, {@code Boolean} and null.
   *
   * @throws IllegalArgumentException if it is no JSON, or more than one value
   */
  public static @Nullable Object read(String text) {
    try (JsonParser json = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      Object value = value(json.nextToken(), json);
      if (json.nextToken() != null) {
        throw new IllegalArgumentException("more than one value");
      }
      return value;
    } catch (JacksonException e) {
      throw new IllegalArgumentException(e.getOriginalMessage(), e);
    }
  }

  private static @Nullable Object value(@Nullable JsonToken token, JsonParser json) {
    return switch (token) {
      case null -> throw new IllegalArgumentException("nothing there");
      case START_OBJECT -> object(json);
      case START_ARRAY -> array(json);
      case VALUE_STRING -> json.getString();
      case VALUE_NUMBER_INT -> json.getLongValue();
      case VALUE_NUMBER_FLOAT -> finite(json.getDoubleValue());
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
          throw new IllegalArgumentException("unexpected " + token);
    };
  }

  /** What is beyond a double would be written as a text. */
  private static double finite(double number) {
    if (Double.isFinite(number)) {
      return number;
    }
    throw new IllegalArgumentException("a number is too large");
  }

  private static Map<String, @Nullable Object> object(JsonParser json) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = json.currentName();
      object.put(name, value(json.nextToken(), json));
    }
    return object;
  }

  private static List<@Nullable Object> array(JsonParser json) {
    List<@Nullable Object> array = new ArrayList<>();
    for (JsonToken t = json.nextToken(); t != JsonToken.END_ARRAY; t = json.nextToken()) {
      array.add(value(t, json));
    }
    return array;
  }
}
