package etherws.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Two TLS ends in one thread, on a wire that carries octets until both are silent. The client
 * writes its {@link #REQUEST} before the first octet has moved, as an eager program would.
 */
final class Handshake {
  static final String REQUEST = "GET / HTTP/1.1\r\nAuthorization: Basic c2VjcmV0\r\n\r\n";

  final SslHandler client;
  final SslHandler server;
  final ChannelFuture request;

  /** What the server's application got to read. */
  final List<String> received = new ArrayList<>();

  private final EmbeddedChannel clientEnd;
  private final EmbeddedChannel serverEnd;

  Handshake(SslHandler client, SslHandler server) {
    this.client = client;
    this.server = server;
    this.serverEnd = new EmbeddedChannel(server, new Sink(received));
    this.clientEnd = new EmbeddedChannel(client, new Sink(new ArrayList<>()));
    this.request = clientEnd.writeAndFlush(Unpooled.copiedBuffer(REQUEST, US_ASCII));
    run();
  }

  boolean succeeded() {
    return client.handshakeFuture().isSuccess() && server.handshakeFuture().isSuccess();
  }

  @Nullable Throwable clientFailure() {
    return client.handshakeFuture().cause();
  }

  @Nullable Throwable serverFailure() {
    return server.handshakeFuture().cause();
  }

  String protocol() {
    return client.engine().getSession().getProtocol();
  }

  private void run() {
    boolean moved;
    do {
      moved = move(clientEnd, serverEnd);
      moved |= move(serverEnd, clientEnd);
    } while (moved);
    release(clientEnd);
    release(serverEnd);
  }

  /** Closes an end; it throws again what failed there, which the handshake's future has. */
  private static void release(EmbeddedChannel end) {
    try {
      end.finishAndReleaseAll();
    } catch (Exception e) {
      assertThat(end.isOpen()).isFalse();
    }
  }

  private static boolean move(EmbeddedChannel from, EmbeddedChannel to) {
    boolean moved = false;
    for (ByteBuf octets = from.readOutbound(); octets != null; octets = from.readOutbound()) {
      moved = true;
      if (to.isOpen()) {
        to.pipeline().fireChannelRead(octets).fireChannelReadComplete();
      } else {
        octets.release();
      }
    }
    from.runPendingTasks();
    if (!from.isOpen() && to.isOpen()) {
      to.close().syncUninterruptibly();
      return true;
    }
    return moved;
  }

  /** The application: keeps what it reads; failures are read from the handshake's future. */
  private static final class Sink extends ChannelInboundHandlerAdapter {
    private final List<String> received;

    Sink(List<String> received) {
      this.received = received;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ByteBuf octets = (ByteBuf) message;
      received.add(octets.toString(US_ASCII));
      octets.release();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {}
  }
}
