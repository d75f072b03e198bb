package etherws.tunnel;

import etherws.tls.ClientTls;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Promise;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One try to reach a hub: name to addresses, TCP to the first that answers, TLS, handshake. Runs on
 * the spoke's event loop; only the resolver, which blocks, has a thread of its own.
 */
final class Dial {
  private static final Logger log = LoggerFactory.getLogger(Dial.class);

  /** From the TCP connection to the 101, TLS included. */
  private static final int HANDSHAKE_SECONDS = 10;

  private final SpokeSettings settings;
  private final Transport transport;
  private final EventLoop loop;
  private final @Nullable ClientTls tls;
  private final Duration connectTimeout;
  private final Function<Promise<Void>, SpokeHandshake> handshake;
  private final Promise<Void> done;

  /**
   * @param tls null for ws
   * @param handshake makes the handler for a connected channel; it completes the promise
   */
  Dial(
      SpokeSettings settings,
      Transport transport,
      EventLoop loop,
      @Nullable ClientTls tls,
      Duration connectTimeout,
      Function<Promise<Void>, SpokeHandshake> handshake) {
    this.settings = settings;
    this.transport = transport;
    this.loop = loop;
    this.tls = tls;
    this.connectTimeout = connectTimeout;
    this.handshake = handshake;
    this.done = loop.newPromise();
  }

  /** Succeeds when the link is installed; fails with a {@link DialException}. */
  Promise<Void> start() {
    Thread.ofVirtual().name("resolve " + settings.uri().host()).start(this::resolve);
    return done;
  }

  private void resolve() {
    String host = settings.uri().host();
    try {
      InetAddress[] addresses = InetAddress.getAllByName(host);
      loop.execute(() -> connect(addresses, 0));
    } catch (UnknownHostException e) {
      done.tryFailure(
          new DialException(DialException.Kind.RESOLVE, "the name " + host + " has no address"));
    }
  }

  private void connect(InetAddress[] addresses, int index) {
    if (done.isDone()) {
      return;
    }
    InetSocketAddress address = new InetSocketAddress(addresses[index], settings.uri().port());
    transport
        .client()
        .group(loop)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) connectTimeout.toMillis())
        .handler(new Pipeline(() -> connect(addresses, index)))
        .connect(address)
        .addListener(connected -> {
          if (connected.isSuccess()) {
            return;
          }
          if (index + 1 < addresses.length) {
            loop.execute(() -> connect(addresses, index + 1));
          } else {
            done.tryFailure(
                new DialException(
                    DialException.Kind.CONNECT,
                    "cannot connect to " + Hub.text(address) + ": " + why(connected.cause())));
          }
        });
  }

  private static String why(Throwable cause) {
    String message = cause.getMessage();
    if (message == null) {
      return "the system says no more than " + cause.getClass().getSimpleName();
    }
    if (cause instanceof ConnectException && message.contains("refused")) {
      return "connection refused; is the server running there?";
    }
    if (message.contains("timed out")) {
      return "no answer; is a firewall in between?";
    }
    int address = message.indexOf(": /");
    return address < 0 ? message : message.substring(0, address);
  }

  private final class Pipeline extends ChannelInitializer<Channel> {
    private final Runnable again;

    Pipeline(Runnable again) {
      this.again = again;
    }

    @Override
    protected void initChannel(Channel channel) {
      var deadline =
          loop.schedule(
              () -> {
                done.tryFailure(
                    new DialException(
                        DialException.Kind.HANDSHAKE,
                        "the server took the connection but didn't answer within "
                            + HANDSHAKE_SECONDS
                            + " s"));
                channel.close();
              },
              connectTimeout.toMillis() + HANDSHAKE_SECONDS * 1_000,
              TimeUnit.MILLISECONDS);
      channel.closeFuture().addListener(_ -> deadline.cancel(false));
      done.addListener(dialled -> {
        deadline.cancel(false);
        if (!dialled.isSuccess()) {
          channel.close();
        }
      });
      channel.pipeline().addLast(new Connected(again));
    }
  }

  /** Waits for TCP, then for TLS, then lets the handshake speak. */
  private final class Connected extends ChannelInboundHandlerAdapter {
    private final Runnable again;

    /**
     * @param again dials the same address once more, with another TLS engine
     */
    Connected(Runnable again) {
      this.again = again;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      if (tls == null) {
        speak(ctx);
        return;
      }
      SslHandler handler = tls.newHandler(ctx.alloc());
      ctx.pipeline().addFirst(handler);
      handler
          .handshakeFuture()
          .addListener(shaken -> {
            if (shaken.isSuccess()) {
              speak(ctx);
            } else if (tls.fallBack(shaken.cause())) {
              ctx.close();
              again.run();
            } else {
              done.tryFailure(
                  new DialException(DialException.Kind.TLS, tls.explain(shaken.cause()).text()));
              ctx.close();
            }
          });
    }

    private void speak(ChannelHandlerContext ctx) {
      ctx.pipeline().addLast(new HttpClientCodec(), handshake.apply(done));
      ctx.pipeline().remove(this);
    }

    /** TLS failures come here too; the handshake's future has told of them. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable problem) {
      Fault.describe(problem, log);
      ctx.close();
    }
  }
}
