package etherws.control;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Who may use etherws 1.x's control port: no page in a browser, whichever name it has our address
 * under, and with a login nobody without a password.
 */
final class CtlGate implements Gate {
  private final @Nullable Login login;

  CtlGate(@Nullable Login login) {
    this.login = login;
  }

  @Override
  public String challenge() {
    return "Basic realm=\"etherws\"";
  }

  @Override
  public CompletionStage<Optional<Answer>> refusal(SocketAddress source, HttpRequest request) {
    String host = request.headers().get(HttpHeaderNames.HOST, "");
    if (request.headers().contains(HttpHeaderNames.ORIGIN) || !isOurs(host)) {
      return CompletableFuture.completedFuture(
          Optional.of(
              Answer.problem(
                  HttpResponseStatus.FORBIDDEN,
                  "pages in browsers are not served",
                  "ask an IP address or localhost")));
    }
    if (login == null) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    return login
        .passes(
            ((InetSocketAddress) source).getAddress(),
            request.headers().get(HttpHeaderNames.AUTHORIZATION, ""))
        .thenApply(passes -> passes ? Optional.empty() : Optional.of(unknown()));
  }

  private static Answer unknown() {
    return Answer.problem(HttpResponseStatus.UNAUTHORIZED, "wrong user or password", null);
  }

  /** An address or localhost: no name that somebody else could lead here. */
  private static boolean isOurs(String host) {
    String name = host.replaceFirst(":\\d+$", "");
    return name.equalsIgnoreCase("localhost")
        || NetUtil.createByteArrayFromIpAddressString(name) != null;
  }
}
