package etherws.tunnel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import etherws.tunnel.DialException.Kind;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.socksx.v5.DefaultSocks5CommandRequest;
import io.netty.handler.codec.socksx.v5.DefaultSocks5InitialRequest;
import io.netty.handler.codec.socksx.v5.DefaultSocks5PasswordAuthRequest;
import io.netty.handler.codec.socksx.v5.Socks5AddressType;
import io.netty.handler.codec.socksx.v5.Socks5AuthMethod;
import io.netty.handler.codec.socksx.v5.Socks5ClientEncoder;
import io.netty.handler.codec.socksx.v5.Socks5CommandResponse;
import io.netty.handler.codec.socksx.v5.Socks5CommandResponseDecoder;
import io.netty.handler.codec.socksx.v5.Socks5CommandStatus;
import io.netty.handler.codec.socksx.v5.Socks5CommandType;
import io.netty.handler.codec.socksx.v5.Socks5InitialResponse;
import io.netty.handler.codec.socksx.v5.Socks5InitialResponseDecoder;
import io.netty.handler.codec.socksx.v5.Socks5Message;
import io.netty.handler.codec.socksx.v5.Socks5PasswordAuthResponse;
import io.netty.handler.codec.socksx.v5.Socks5PasswordAuthResponseDecoder;
import io.netty.handler.codec.socksx.v5.Socks5PasswordAuthStatus;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Promise;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** SOCKS 5 (RFC 1928), with user and password (RFC 1929) if there are any. */
final class SocksHandshake extends ProxyHandshake {
  private static final String ENCODER = "socks encoder";
  private static final String DECODER = "socks decoder";

  SocksHandshake(Proxy proxy, InetSocketAddress hub, Promise<Void> done, Runnable through) {
    super(proxy, hub, done, through);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    ctx.pipeline()
        .addBefore(ctx.name(), ENCODER, Socks5ClientEncoder.DEFAULT)
        .addBefore(ctx.name(), DECODER, new Socks5InitialResponseDecoder());
    send(
        ctx,
        proxy.user() == null
            ? new DefaultSocks5InitialRequest(Socks5AuthMethod.NO_AUTH)
            : new DefaultSocks5InitialRequest(Socks5AuthMethod.NO_AUTH, Socks5AuthMethod.PASSWORD));
  }

  @Override
  void removeCodec(ChannelHandlerContext ctx) {
    ctx.pipeline().remove(DECODER);
    ctx.pipeline().remove(ENCODER);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    switch (message) {
      case Socks5Message broken when broken.decoderResult().isFailure() ->
          fail(ctx, Kind.HANDSHAKE, "doesn't speak SOCKS 5; is the port right?");
      case Socks5InitialResponse chosen -> authenticate(ctx, chosen.authMethod());
      case Socks5PasswordAuthResponse verdict -> {
        if (verdict.status().equals(Socks5PasswordAuthStatus.SUCCESS)) {
          connect(ctx);
        } else {
          failAsUnknown(ctx);
        }
      }
      case Socks5CommandResponse answer -> {
        if (answer.status().isSuccess()) {
          connected(ctx);
        } else {
          refused(ctx, answer.status());
        }
      }
      default -> ReferenceCountUtil.release(message); // more than was asked for
    }
  }

  private void authenticate(ChannelHandlerContext ctx, Socks5AuthMethod method) {
    String user = proxy.user();
    if (method.equals(Socks5AuthMethod.NO_AUTH)) {
      connect(ctx);
    } else if (method.equals(Socks5AuthMethod.PASSWORD) && user != null) {
      ctx.pipeline().replace(DECODER, DECODER, new Socks5PasswordAuthResponseDecoder());
      send(ctx, new DefaultSocks5PasswordAuthRequest(octets(user), octets(proxy.password())));
    } else if (user == null) {
      failAsUnknown(ctx);
    } else {
      fail(ctx, Kind.AUTHENTICATION, "takes no user and password, and not nobody either");
    }
  }

  /** As text of which the codec makes the octets of UTF-8. */
  private static String octets(@Nullable String text) {
    return text == null ? "" : new String(text.getBytes(UTF_8), ISO_8859_1);
  }

  private void connect(ChannelHandlerContext ctx) {
    String host = hub.isUnresolved() ? hub.getHostString() : hub.getAddress().getHostAddress();
    Socks5AddressType type =
        NetUtil.isValidIpV4Address(host)
            ? Socks5AddressType.IPv4
            : NetUtil.isValidIpV6Address(host) ? Socks5AddressType.IPv6 : Socks5AddressType.DOMAIN;
    ctx.pipeline().replace(DECODER, DECODER, new Socks5CommandResponseDecoder());
    try {
      send(
          ctx,
          new DefaultSocks5CommandRequest(Socks5CommandType.CONNECT, type, host, hub.getPort()));
    } catch (IllegalArgumentException e) {
      fail(ctx, Kind.RESOLVE, "can't be asked for " + hubText() + ": no name is that long");
    }
  }

  private void refused(ChannelHandlerContext ctx, Socks5CommandStatus status) {
    switch (status.byteValue()) {
      case 1 -> unreachable(ctx, "general failure");
      case 2 -> fail(ctx, Kind.AUTHENTICATION, "forbids " + hubText() + " by its rules");
      case 3 -> unreachable(ctx, "network unreachable");
      case 4 -> unreachable(ctx, "host unreachable");
      case 5 -> unreachable(ctx, "connection refused");
      case 6 -> unreachable(ctx, "TTL expired");
      case 8 ->
          fail(ctx, Kind.HANDSHAKE, "knows no addresses of the kind of " + hub.getHostString());
      default ->
          fail(
              ctx,
              Kind.HANDSHAKE,
              "refused with the status " + (status.byteValue() & 0xff) + " of SOCKS");
    }
  }

  private void unreachable(ChannelHandlerContext ctx, String why) {
    fail(
        ctx,
        Kind.CONNECT,
        "can't connect to %s (%s); is the server running there?".formatted(hubText(), why));
  }

  private void send(ChannelHandlerContext ctx, Socks5Message message) {
    ctx.writeAndFlush(message).addListener(written -> failIf(ctx, written.cause()));
  }
}
