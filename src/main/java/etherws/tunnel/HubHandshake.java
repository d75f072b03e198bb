package etherws.tunnel;

import etherws.auth.Authenticator;
import etherws.auth.Identity;
import etherws.auth.Verdict;
import etherws.metrics.Refusal;
import etherws.metrics.RefusalCounters;
import etherws.tls.ServerTls;
import etherws.tunnel.Reception.Admission.Granted;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hub's side of one opening handshake: one request, one answer. Whatever is not a WebSocket
 * handshake that may come in is answered and closed; it has 9 seconds in all.
 */
final class HubHandshake extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(HubHandshake.class);

  /** From accept to the answer, TLS included. No stranger may cost more than 10. */
  static final int DEADLINE_SECONDS = 9;

  private static final String X_FORWARDED_FOR = "X-Forwarded-For";

  /** What becomes of a peer that may come in. */
  interface Entrance {
    /** The link to install behind TLS; called on the channel's loop. */
    Link enter(
        ChannelHandlerContext ctx,
        Caller caller,
        Granted granted,
        String path,
        @Nullable Identity identity,
        Wire wire,
        Quirks quirks);
  }

  private final Reception reception;
  private final OriginPolicy origins;
  private final Caller caller;
  private final boolean certified;
  private final @Nullable Authenticator authenticator;
  private final RefusalCounters refusals;
  private final Entrance entrance;
  private @Nullable HttpRequest request;
  private @Nullable Future<?> deadline;
  private boolean answered;

  /**
   * @param certified TLS has made sure of a certificate, which says who the peer is
   * @param authenticator null asks nobody else for a password
   */
  HubHandshake(
      Reception reception,
      OriginPolicy origins,
      Caller caller,
      boolean certified,
      @Nullable Authenticator authenticator,
      RefusalCounters refusals,
      Entrance entrance) {
    this.certified = certified;
    this.reception = reception;
    this.origins = origins;
    this.caller = caller;
    this.authenticator = authenticator;
    this.refusals = refusals;
    this.entrance = entrance;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    Future<?> timer =
        ctx.executor().schedule(() -> tooLate(ctx), DEADLINE_SECONDS, TimeUnit.SECONDS);
    ctx.channel().closeFuture().addListener(_ -> timer.cancel(false));
    deadline = timer;
  }

  private void tooLate(ChannelHandlerContext ctx) {
    if (!answered) {
      refusals.count(Refusal.SILENCE);
    }
    ctx.channel().close();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!(message instanceof HttpRequest) && !(message instanceof HttpContent)) {
      ctx.fireChannelRead(message);
      return;
    }
    try {
      if (answered) {
        return;
      }
      if (message instanceof HttpRequest head) {
        HttpResponseStatus refusal = RequestHead.refusal(head);
        if (refusal != null) {
          refuse(ctx, refusal);
        }
        request = head;
        caller.isForwardedFor(head.headers().getAll(X_FORWARDED_FOR));
      } else if (message instanceof LastHttpContent last
          && !last.content().isReadable()
          && request != null) {
        answered = true;
        ctx.channel().config().setAutoRead(false);
        authenticate(ctx, request);
      } else {
        refuse(ctx, HttpResponseStatus.BAD_REQUEST);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  /** Who it is comes first: a stranger learns nothing about paths or protocols. */
  private void authenticate(ChannelHandlerContext ctx, HttpRequest request) {
    String origin = request.headers().get(HttpHeaderNames.ORIGIN);
    if (!origins.allows(origin, request.headers().get(HttpHeaderNames.HOST))) {
      log.info(
          "{}: refused a web page of {}; --allow-origin lets it in",
          caller,
          Fault.printable(String.valueOf(origin)));
      refuse(ctx, HttpResponseStatus.FORBIDDEN);
      return;
    }
    if (certified) {
      String user = ServerTls.userOf(ctx.pipeline().get(SslHandler.class));
      if (user == null) {
        log.info("{}: refused a certificate that names no user", caller);
        refuse(ctx, HttpResponseStatus.FORBIDDEN);
      } else {
        upgrade(ctx, request, Identity.ofCertificate(user));
      }
      return;
    }
    if (authenticator == null) {
      upgrade(ctx, request, null);
      return;
    }
    String authorization = request.headers().get(HttpHeaderNames.AUTHORIZATION);
    authenticator
        .check(authorization, caller.address().getAddress())
        .thenAcceptAsync(verdict -> judged(ctx, request, verdict), ctx.executor());
  }

  private void judged(ChannelHandlerContext ctx, HttpRequest request, Verdict verdict) {
    switch (verdict) {
      case Verdict.Accepted accepted -> upgrade(ctx, request, accepted.identity());
      case Verdict.Denied _ -> send(ctx, HubAnswers.whoAreYou());
      case Verdict.Busy _ -> refuse(ctx, HttpResponseStatus.SERVICE_UNAVAILABLE);
      case Verdict.TooMany tooMany -> send(ctx, HubAnswers.tooMany(tooMany.retryAfter()));
    }
  }

  private void upgrade(
      ChannelHandlerContext ctx, HttpRequest request, @Nullable Identity identity) {
    var headers = request.headers();
    String key = headers.get(HttpHeaderNames.SEC_WEBSOCKET_KEY, "");
    String version = headers.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION);
    if (!request.method().equals(HttpMethod.GET)) {
      send(ctx, HubAnswers.onlyGet());
    } else if (!headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
        || (version != null && !version.equals("13"))) {
      send(ctx, HubAnswers.onlyWebSocket());
    } else if (key.isEmpty()
        || !headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
        || !request.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
      refuse(ctx, HttpResponseStatus.BAD_REQUEST);
    } else {
      enter(ctx, request, identity);
    }
  }

  private void enter(ChannelHandlerContext ctx, HttpRequest request, @Nullable Identity identity) {
    String path = withoutTrailingSlash(pathOf(request.uri()));
    switch (reception.admit(path, identity)) {
      case Granted granted -> accept(ctx, granted, path, identity, request);
      case Reception.Admission.NoSuchNetwork _ -> refuse(ctx, HttpResponseStatus.NOT_FOUND);
      case Reception.Admission.Forbidden forbidden -> {
        log.info("{}: refused {}: {}", caller, Fault.printable(path), forbidden.reason());
        refuse(ctx, HttpResponseStatus.FORBIDDEN);
      }
    }
  }

  private void accept(
      ChannelHandlerContext ctx,
      Granted granted,
      String path,
      @Nullable Identity identity,
      HttpRequest request) {
    Wire wire = Wire.offeredIn(request.headers());
    boolean saysNoMore = ctx.channel() instanceof DuplexChannel duplex && duplex.isInputShutdown();
    if (!ctx.channel().isActive() || saysNoMore) {
      ctx.close();
      return;
    }
    String session = request.headers().get(Wire.SESSION_HEADER);
    if (!granted.network().takePlace(identity, session)) {
      log.info("{}: network {} is full", caller, granted.network().name());
      refuse(ctx, HttpResponseStatus.SERVICE_UNAVAILABLE);
      return;
    }
    Quirks quirks = Quirks.ofClient(request.headers());
    Link link;
    try {
      link = entrance.enter(ctx, caller, granted, path, identity, wire, quirks);
    } catch (RuntimeException e) {
      granted.network().givePlaceBack();
      ctx.close();
      throw e;
    }
    if (deadline != null) {
      deadline.cancel(false);
    }
    ctx.writeAndFlush(HubAnswers.accept(request.headers(), wire));
    ctx.pipeline().addLast(link);
    ctx.pipeline().remove(HttpServerCodec.class);
    ctx.pipeline().remove(this);
    ctx.channel().config().setAutoRead(true);
  }

  private void refuse(ChannelHandlerContext ctx, HttpResponseStatus status) {
    send(ctx, HubAnswers.refusal(status));
  }

  private void send(ChannelHandlerContext ctx, FullHttpResponse response) {
    answered = true;
    refusals.count(Refusal.ofStatus(response.status().code()));
    log.debug("{}: answered {}", caller, response.status());
    ctx.writeAndFlush(response).addListener(sent -> refused(ctx, sent.isSuccess()));
  }

  private void refused(ChannelHandlerContext ctx, boolean told) {
    if (told) {
      ctx.pipeline().replace(this, null, new Linger());
    } else {
      ctx.close();
    }
  }

  /** Who shuts its side after the request, as {@code nc} does, still gets the answer. */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent && !answered) {
      ctx.close();
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable problem) {
    log.debug("{}: {}", caller, Fault.describe(problem, log));
    ctx.close();
  }

  /** The query is never part of a network's name. */
  private static String pathOf(String target) {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  private static String withoutTrailingSlash(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }
}
