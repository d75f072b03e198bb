package etherws.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.timeout.ReadTimeoutException;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection: one request, one answer, and the connection ends. */
final class Exchange extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final Logger log = LoggerFactory.getLogger(Exchange.class);

  /** For the peer to read a whole answer. */
  private static final int PATIENCE_SECONDS = 30;

  private final List<Route> routes;
  private final Gate gate;
  private boolean asked;

  Exchange(List<Route> routes, Gate gate) {
    this.routes = routes;
    this.gate = gate;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest message) {
    if (asked) {
      return;
    }
    asked = true;
    Patience.over(context);
    String what = message.method() + " " + new QueryStringDecoder(message.uri()).rawPath();
    boolean reading = message.method().equals(HttpMethod.GET);
    String peer = reading ? "" : Asker.of(context.channel());
    answer(context, message)
        .whenCompleteAsync(
            (answer, bug) -> {
              Answer said = bug == null ? answer : failed(what, bug);
              if (!reading && said instanceof Answer.Whole whole) {
                log.info("{} by {}: {}", what, peer, whole.status());
              }
              send(context, said);
            },
            context.executor());
  }

  private CompletionStage<Answer> answer(ChannelHandlerContext context, FullHttpRequest message) {
    message.retain();
    return gate.refusal(context.channel().remoteAddress(), message)
        .thenComposeAsync(
            refusal ->
                refusal.isPresent()
                    ? CompletableFuture.completedFuture(refusal.get())
                    : admitted(message),
            context.executor())
        .whenComplete((_, _) -> message.release());
  }

  private CompletionStage<Answer> admitted(FullHttpRequest message) {
    try {
      return route(message);
    } catch (BadRequest e) {
      return problem(HttpResponseStatus.BAD_REQUEST, String.valueOf(e.getMessage()), e.hint());
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private CompletionStage<Answer> route(FullHttpRequest message) throws BadRequest {
    if (message.decoderResult().isFailure()) {
      throw new BadRequest("not a request of HTTP", null);
    }
    QueryStringDecoder uri = new QueryStringDecoder(message.uri());
    StringJoiner allowed = new StringJoiner(", ");
    for (Route route : routes) {
      Map<String, String> variables = route.match(uri.rawPath());
      if (variables != null && route.method().equals(message.method())) {
        return wrongType(message)
            ? problem(
                HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE,
                "a POST has to be JSON",
                "send Content-Type: application/json")
            : route
                .handling()
                .answer(new Request(variables, query(uri), message.content().toString(UTF_8)));
      }
      if (variables != null) {
        allowed.add(route.method().name());
      }
    }
    return allowed.length() > 0
        ? problem(
            HttpResponseStatus.METHOD_NOT_ALLOWED, "not by " + message.method(), "use " + allowed)
        : problem(HttpResponseStatus.NOT_FOUND, "nothing is at " + uri.rawPath(), "see /v1/status");
  }

  private static boolean wrongType(FullHttpRequest message) {
    CharSequence type = HttpUtil.getMimeType(message);
    return message.method().equals(HttpMethod.POST)
        && (type == null || !HttpHeaderValues.APPLICATION_JSON.contentEqualsIgnoreCase(type));
  }

  private static Map<String, String> query(QueryStringDecoder uri) throws BadRequest {
    Map<String, String> query = new HashMap<>();
    try {
      uri.parameters().forEach((name, values) -> query.put(name, values.getFirst()));
    } catch (IllegalArgumentException e) {
      throw new BadRequest("the query is not encoded as it should be", null);
    }
    return query;
  }

  private static CompletionStage<Answer> problem(
      HttpResponseStatus status, String error, @Nullable String hint) {
    return CompletableFuture.completedFuture(Answer.problem(status, error, hint));
  }

  private static Answer failed(String what, Throwable bug) {
    log.error("{} failed", what, bug);
    return Answer.problem(
        HttpResponseStatus.INTERNAL_SERVER_ERROR,
        "a bug in etherws: " + bug,
        "the log has its trace; please report it");
  }

  private void send(ChannelHandlerContext context, Answer answer) {
    switch (answer) {
      case Answer.Whole whole -> send(context, whole);
      case Answer.Frames frames -> {
        context.pipeline().addLast(new CaptureStream(frames));
        context.pipeline().remove(context.handler());
      }
    }
  }

  private void send(ChannelHandlerContext context, Answer.Whole answer) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, answer.status(), Unpooled.wrappedBuffer(answer.body().octets()));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, answer.contentType())
        .set(HttpHeaderNames.CONTENT_LENGTH, answer.body().octets().length)
        .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
        .set("X-Content-Type-Options", "nosniff")
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    if (answer.status().equals(HttpResponseStatus.UNAUTHORIZED)) {
      response.headers().set(HttpHeaderNames.WWW_AUTHENTICATE, gate.challenge());
    }
    context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    context.executor().schedule(() -> context.close(), PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** Whoever has said all before asking anything wants no answer. */
  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
    if (event instanceof ChannelInputShutdownEvent && !asked) {
      context.close();
    }
    super.userEventTriggered(context, event);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (!(cause instanceof IOException) && !(cause instanceof ReadTimeoutException)) {
      log.warn("a control connection ends", cause);
    }
    context.close();
  }
}
