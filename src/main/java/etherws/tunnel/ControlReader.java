package etherws.tunnel;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/** Reads the control messages of strangers. */
final class ControlReader {
  /*
   * Nothing is built but what is asked for: members are read as they come, those that we don't know,
   * or that are not of the kind that we know, are skipped. So a later version may add to every
   * message. Names don't enter the table of names that Jackson shares between parsers.
   */
  private static final int MAX_DEPTH = 8;
  private static final int MAX_DIGITS = 20;
  private static final int MAX_CAPABILITIES = 32;
  private static final Pattern SESSION = Pattern.compile("[A-Za-z0-9_-]{16,64}");

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(MAX_DIGITS)
                  .maxStringLength(ControlMessage.MAX_OCTETS)
                  .maxNameLength(ControlMessage.MAX_OCTETS)
                  .build())
          .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
          .build();

  private final Set<String> capabilities = new HashSet<>();
  private String type = "";
  private int mtu;
  private long micros = -1;
  private long millis = -1;
  private @Nullable String session;

  private ControlReader() {}

  /** The message; null if it is none, or too long or too deep to be looked at. Never throws. */
  static @Nullable ControlMessage read(ByteBuf buffer, int index, int length) {
    if (length > ControlMessage.MAX_OCTETS) {
      return null;
    }
    String text = buffer.toString(index, length, StandardCharsets.UTF_8);
    try (JsonParser json = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      ControlReader reader = new ControlReader();
      return reader.object(json) ? reader.message() : null;
    } catch (JacksonException e) {
      return null;
    }
  }

  /** False if the text is anything but one object. */
  private boolean object(JsonParser json) {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      return false;
    }
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = json.currentName();
      member(name, json.nextToken(), json);
    }
    return json.nextToken() == null;
  }

  private void member(String name, @Nullable JsonToken value, JsonParser json) {
    if (value == JsonToken.VALUE_STRING) {
      text(name, json.getString());
    } else if (value == JsonToken.VALUE_NUMBER_INT) {
      number(name, json.getLongValue());
    } else if (value == JsonToken.START_ARRAY && name.equals("capabilities")) {
      strings(json);
    } else {
      json.skipChildren();
    }
  }

  private void text(String name, String value) {
    if (name.equals("type")) {
      type = value;
    } else if (name.equals("session") && SESSION.matcher(value).matches()) {
      session = value;
    }
  }

  private void number(String name, long value) {
    switch (name) {
      case "mtu" -> mtu = value >= 0 && value <= ControlMessage.Hello.MAX_MTU ? (int) value : 0;
      case "micros" -> micros = value;
      case "millis" -> millis = value;
      default -> {}
    }
  }

  private void strings(JsonParser json) {
    for (JsonToken each = json.nextToken();
        each != null && each != JsonToken.END_ARRAY;
        each = json.nextToken()) {
      if (each == JsonToken.VALUE_STRING && capabilities.size() < MAX_CAPABILITIES) {
        capabilities.add(json.getString());
      } else {
        json.skipChildren();
      }
    }
  }

  private @Nullable ControlMessage message() {
    return switch (type) {
      case "" -> null;
      case "hello" -> new ControlMessage.Hello(Set.copyOf(capabilities), mtu, session);
      case "rtt" -> micros < 0 ? null : new ControlMessage.Rtt(micros);
      case "going-away" -> millis < 0 ? null : new ControlMessage.GoingAway(millis);
      default -> new ControlMessage.Unknown();
    };
  }
}
