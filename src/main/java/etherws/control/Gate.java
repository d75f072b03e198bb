package etherws.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Who may ask. */
interface Gate {
  /** What a request from {@code source} is refused with; nothing lets it in. */
  CompletionStage<Optional<Answer>> refusal(SocketAddress source, HttpRequest request);

  /** How to prove who one is. */
  default String challenge() {
    return "Bearer realm=\"etherws\"";
  }

  /** Everybody: the socket's mode has decided. */
  static Gate open() {
    return (_, _) -> CompletableFuture.completedFuture(Optional.empty());
  }

  /**
   * No page in a browser; and with a token nobody without it.
   *
   * @param tokenFile its first line is the token, read anew for each request; null is none
   */
  static Gate forMetrics(@Nullable Path tokenFile) {
    return (_, request) -> CompletableFuture.completedFuture(forMetrics(request, tokenFile));
  }

  private static Optional<Answer> forMetrics(HttpRequest request, @Nullable Path tokenFile) {
    if (request.headers().contains(HttpHeaderNames.ORIGIN)) {
      return Optional.of(
          Answer.problem(HttpResponseStatus.FORBIDDEN, "pages in browsers are not served", null));
    }
    return tokenFile == null ? Optional.empty() : withToken(request, tokenFile);
  }

  private static Optional<Answer> withToken(HttpRequest request, Path file) {
    byte[] expected;
    try {
      expected = ("Bearer " + firstLine(file)).getBytes(UTF_8);
    } catch (IOException e) {
      return Optional.of(
          Answer.problem(
              HttpResponseStatus.INTERNAL_SERVER_ERROR, "the token can't be read", "see " + file));
    }
    String given = request.headers().get(HttpHeaderNames.AUTHORIZATION, "");
    return MessageDigest.isEqual(expected, given.getBytes(UTF_8))
        ? Optional.empty()
        : Optional.of(
            Answer.problem(
                HttpResponseStatus.UNAUTHORIZED,
                "no token, or another",
                "Authorization: Bearer TOKEN"));
  }

  private static String firstLine(Path file) throws IOException {
    String line = Files.readString(file).lines().findFirst().orElse("").strip();
    if (line.isEmpty()) {
      throw new IOException(file + " is empty; its first line should be the token");
    }
    return line;
  }
}
