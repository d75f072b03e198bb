package etherws.control;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The envelope of JSON-RPC 2.0 as etherws 1.x uses it: one call for each request. */
final class JsonRpc {
  private static final String NAMESPACE = "etherws.control.";

  /** Does what methods say. */
  interface Methods {
    /**
     * The entries of the result.
     *
     * @throws UnknownMethod if there is none of that name
     * @throws BadRequest if the parameters are wrong
     */
    CompletionStage<List<Map<String, Object>>> call(String method, Map<?, ?> parameters)
        throws UnknownMethod, BadRequest;
  }

  /** There is no such method. */
  static final class UnknownMethod extends Exception {
    private static final long serialVersionUID = 1;
  }

  /** A method could not do it; ends the stage that {@link Methods#call} returned. */
  static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1;

    Failed(String reason) {
      super(reason);
    }
  }

  private final Methods methods;

  JsonRpc(Methods methods) {
    this.methods = methods;
  }

  CompletionStage<Answer> answer(Request request) {
    Map<?, ?> call;
    try {
      call = Json.read(request.body()) instanceof Map<?, ?> object ? object : Map.of();
    } catch (IllegalArgumentException e) {
      return error(null, -32700, "Parse error", String.valueOf(e.getMessage()));
    }
    Object id = call.get("id");
    if (!"2.0".equals(call.get("jsonrpc")) || !(call.get("method") instanceof String method)) {
      return error(id, -32600, "Invalid Request", "jsonrpc 2.0 with a method is needed");
    }
    Map<?, ?> parameters = call.get("params") instanceof Map<?, ?> object ? object : Map.of();
    try {
      if (!method.startsWith(NAMESPACE)) {
        throw new UnknownMethod();
      }
      return methods
          .call(method.substring(NAMESPACE.length()), parameters)
          .handle(
              (entries, problem) -> problem == null ? result(id, entries) : failed(id, problem));
    } catch (UnknownMethod e) {
      return error(id, -32601, "Method not found", method);
    } catch (BadRequest e) {
      return error(id, -32602, "Invalid params", requireNonNull(e.getMessage()));
    }
  }

  private static Answer failed(@Nullable Object id, Throwable problem) {
    Throwable cause = problem.getCause() == null ? problem : problem.getCause();
    if (cause instanceof Failed) {
      return problem(id, -32602, "Invalid params", requireNonNull(cause.getMessage()));
    }
    throw new IllegalStateException(cause);
  }

  private static Answer result(@Nullable Object id, List<Map<String, Object>> entries) {
    Map<String, @Nullable Object> answer = head(id);
    answer.put("result", Map.of("entries", entries));
    return Answer.json(answer);
  }

  private static CompletionStage<Answer> error(
      @Nullable Object id, int code, String message, String data) {
    return CompletableFuture.completedFuture(problem(id, code, message, data));
  }

  private static Answer problem(@Nullable Object id, int code, String message, String data) {
    Map<String, @Nullable Object> error = new LinkedHashMap<>();
    error.put("code", code);
    error.put("message", message);
    error.put("data", data);
    Map<String, @Nullable Object> answer = head(id);
    answer.put("error", error);
    return Answer.json(answer);
  }

  private static Map<String, @Nullable Object> head(@Nullable Object id) {
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("jsonrpc", "2.0");
    answer.put("id", id);
    return answer;
  }
}
