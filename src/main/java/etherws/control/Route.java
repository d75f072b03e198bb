package etherws.control;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Requests that are answered alike.
 *
 * @param path with variable segments in braces: {@code /v1/ports/{network}/{number}/shut}
 */
record Route(HttpMethod method, String path, Handling handling) {
  /** Answers a request, now or later. */
  @FunctionalInterface
  interface Handling {
    CompletionStage<Answer> answer(Request request) throws BadRequest;
  }

  /** Answers a request now. */
  @FunctionalInterface
  interface Reading {
    Answer answer() throws BadRequest;
  }

  static Route get(String path, Reading reading) {
    return new Route(
        HttpMethod.GET, path, _ -> CompletableFuture.completedFuture(reading.answer()));
  }

  static Route post(String path, Handling handling) {
    return new Route(
        HttpMethod.POST,
        path,
        request -> {
          request.object(); // if it is none, that is wrong whoever needs it
          return handling.answer(request);
        });
  }

  /** The values of the path's variables; null if {@code requested} is another path. */
  @Nullable Map<String, String> match(String requested) {
    List<String> names = List.of(path.split("/", -1));
    List<String> values = List.of(requested.split("/", -1));
    if (names.size() != values.size()) {
      return null;
    }
    Map<String, String> variables = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      if (name.startsWith("{")) {
        variables.put(name.substring(1, name.length() - 1), decoded(values.get(i)));
      } else if (!name.equals(values.get(i))) {
        return null;
      }
    }
    return variables;
  }

  private static String decoded(String segment) {
    try {
      return QueryStringDecoder.decodeComponent(segment);
    } catch (IllegalArgumentException e) {
      return segment; // names nothing, and is found missing
    }
  }
}
