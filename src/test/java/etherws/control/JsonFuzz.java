package etherws.control;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;

/**
 * JSON as somebody sends it: a value that is the same when written and read again, or a reason why
 * it is none; and whatever it is, JSON-RPC has an answer to it.
 */
public final class JsonFuzz {
  private static final JsonRpc RPC =
      new JsonRpc((method, parameters) -> {
        throw new BadRequest(method, null);
      });

  private JsonFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    RPC.answer(new Request(Map.of(), Map.of(), text)).toCompletableFuture().join();
    Object value;
    try {
      value = Json.read(text);
    } catch (IllegalArgumentException e) {
      return;
    }
    Object again = Json.read(new String(Json.write(value), StandardCharsets.UTF_8));
    if (!Objects.equals(value, again)) {
      throw new AssertionError(value + " is read again as " + again);
    }
  }
}
