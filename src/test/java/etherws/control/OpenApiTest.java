package etherws.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.testing.FakeNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** docs/openapi.json says what the program does. */
class OpenApiTest {
  private final FakeNode node = new FakeNode();
  private final List<Route> routes =
      Stream.concat(
              new Api(node, node, InstantSource.fixed(FakeNode.START)).routes().stream(),
              new Health(node).routes().stream())
          .toList();
  private final Map<?, ?> document;

  OpenApiTest() throws Exception {
    document =
        (Map<?, ?>) requireNonNull(Json.read(Files.readString(Path.of("docs", "openapi.json"))));
  }

  @Test
  void hasAllRoutesAndNoOthers() {
    TreeSet<String> described = new TreeSet<>();
    object(document, "paths")
        .forEach((path, methods) ->
            ((Map<?, ?>) methods).keySet().forEach(method -> described.add(method + " " + path)));

    assertThat(described)
        .containsExactlyInAnyOrderElementsOf(
            routes.stream()
                .map(route -> route.method().name().toLowerCase(Locale.ROOT) + " " + route.path())
                .toList());
  }

  @Test
  void hasTheVariablesOfEachPath() {
    for (Route route : routes) {
      List<String> described = new ArrayList<>();
      if (operation(route).get("parameters") instanceof List<?> parameters) {
        for (Object parameter : parameters) {
          Map<?, ?> resolved = resolve((Map<?, ?>) parameter);
          if ("path".equals(resolved.get("in"))) {
            described.add("{" + resolved.get("name") + "}");
          }
        }
      }
      assertThat(Stream.of(route.path().split("/", -1)).filter(part -> part.startsWith("{")))
          .as(route.path())
          .containsExactlyElementsOf(described);
    }
  }

  @Test
  void hasEveryFieldOfEveryAnswer() throws Exception {
    int checked = 0;
    for (Route route : routes) {
      if (route.method().name().equals("GET") && !route.path().equals("/v1/capture")) {
        Request nothing = new Request(Map.of(), Map.of(), "");
        Answer answer =
            route.handling().answer(nothing).toCompletableFuture().get(1, TimeUnit.SECONDS);
        Answer.Whole whole = (Answer.Whole) answer;
        if (whole.contentType().equals("application/json")) {
          check(Json.read(new String(whole.body().octets(), UTF_8)), schema(route), route.path());
          checked++;
        }
      }
    }
    assertThat(checked).isEqualTo(6);
    check(Json.read(new String(Json.write(new Answer.Done("")), UTF_8)), component("Done"), "Done");
    check(
        Json.read(new String(Json.write(new Answer.Problem("", null)), UTF_8)),
        component("Problem"),
        "Problem");
  }

  private void check(@Nullable Object value, Map<?, ?> reference, String where) {
    Map<?, ?> schema = resolve(reference);
    List<?> types =
        schema.get("type") instanceof List<?> several ? several : List.of(type(schema, where));
    String type =
        switch (value) {
          case null -> "null";
          case Map<?, ?> _ -> "object";
          case List<?> _ -> "array";
          case String _ -> "string";
          case Long _ -> types.contains("integer") ? "integer" : "number";
          case Double _ -> "number";
          case Boolean _ -> "boolean";
          default -> throw new AssertionError(value);
        };
    assertThat(types.contains(type)).as("%s is %s, not %s", where, type, types).isTrue();
    if (value instanceof String text && schema.get("enum") instanceof List<?> constants) {
      assertThat(constants.contains(text)).as("%s = %s", where, text).isTrue();
    }
    if (value instanceof List<?> list) {
      assertThat(list).as(where).isNotEmpty();
      list.forEach(item -> check(item, object(schema, "items"), where + "[]"));
    }
    if (value instanceof Map<?, ?> map) {
      fields(map, schema, where);
    }
  }

  private void fields(Map<?, ?> map, Map<?, ?> schema, String where) {
    if (schema.get("additionalProperties") instanceof Map<?, ?> any) {
      map.forEach((key, item) -> check(item, any, where + "." + key));
      return;
    }
    Map<?, ?> properties = object(schema, "properties");
    assertThat(new TreeSet<>(names(properties))).as(where).isEqualTo(new TreeSet<>(names(map)));
    assertThat(new TreeSet<>(names(properties)))
        .as("required of %s", where)
        .isEqualTo(
            new TreeSet<>(
                ((List<?>) requireNonNull(schema.get("required")))
                    .stream().map(String::valueOf).toList()));
    map.forEach(
        (key, item) -> check(item, object(properties, String.valueOf(key)), where + "." + key));
  }

  private static List<String> names(Map<?, ?> map) {
    return map.keySet().stream().map(String::valueOf).toList();
  }

  private static Object type(Map<?, ?> schema, String where) {
    return requireNonNull(schema.get("type"), where + " has no type");
  }

  private Map<?, ?> operation(Route route) {
    return object(
        object(object(document, "paths"), route.path()),
        route.method().name().toLowerCase(Locale.ROOT));
  }

  private Map<?, ?> schema(Route route) {
    Map<?, ?> ok = object(object(operation(route), "responses"), "200");
    return object(object(object(ok, "content"), "application/json"), "schema");
  }

  private Map<?, ?> component(String name) {
    return object(object(object(document, "components"), "schemas"), name);
  }

  private Map<?, ?> resolve(Map<?, ?> schema) {
    if (!(schema.get("$ref") instanceof String reference)) {
      return schema;
    }
    Map<?, ?> target = document;
    for (String name : reference.substring(2).split("/", -1)) {
      target = object(target, name);
    }
    return target;
  }

  private static Map<?, ?> object(Map<?, ?> map, String name) {
    return (Map<?, ?>) requireNonNull(map.get(name), "no " + name);
  }
}
