package etherws.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslProvider;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link ServerTls} on a loopback socket, as {@code openssl s_client} sees it. */
@ParameterizedClass
@EnumSource(
    value = SslProvider.class,
    names = {"OPENSSL", "JDK"})
@Execution(ExecutionMode.CONCURRENT)
class OpensslPeerTest {
  private final SslProvider provider;
  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

  private Openssl openssl;
  private int port;

  OpensslPeerTest(SslProvider provider) {
    this.provider = provider;
  }

  @BeforeEach
  void listen(@TempDir Path directory) throws Exception {
    openssl = new Openssl(directory);
    openssl.key("ca", Openssl.EC);
    openssl.selfSigned("ca", "");
    openssl.key("hub", "RSA");
    openssl.issued("hub", "ca", "DNS:localhost");
    ServerTls tls =
        new ServerTls(
            new ServerTlsSettings(openssl.path("hub.key"), openssl.path("hub.crt")),
            Passphrase.NONE,
            InstantSource.system(),
            provider);
    Channel listener =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel link) {
                    link.pipeline().addLast(tls.newHandler(link.alloc()), new Application());
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .sync()
            .channel();
    port = ((InetSocketAddress) listener.localAddress()).getPort();
  }

  @AfterEach
  void stop() {
    loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @Test
  void isVerifiedOverTls13() throws Exception {
    Openssl.Result result =
        connect(
            "-CAfile ca.crt -verify_return_error -verify_hostname localhost -alpn h2,http/1.1", "");

    assertThat(result.output())
        .contains("Verify return code: 0 (ok)")
        .contains("New, TLSv1.3, Cipher is TLS_")
        .contains("ALPN protocol: http/1.1");
    assertThat(result.exit()).isZero();
  }

  @Test
  void failsVerificationWithoutItsCa() throws Exception {
    assertThat(connect("-verify_return_error", "").exit()).isNotZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ECDHE-RSA-AES128-GCM-SHA256",
        "ECDHE-RSA-AES256-GCM-SHA384",
        "ECDHE-RSA-CHACHA20-POLY1305"
      })
  void takesTls12WithAead(String suite) throws Exception {
    assertThat(connect("-tls1_2 -cipher " + suite, "").output())
        .contains("New, TLSv1.2, Cipher is " + suite);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-tls1 -cipher ALL@SECLEVEL=0",
        "-tls1_1 -cipher ALL@SECLEVEL=0",
        "-tls1_2 -cipher ECDHE-RSA-AES128-SHA",
        "-tls1_2 -cipher ECDHE-RSA-AES256-SHA384",
        "-tls1_2 -cipher AES128-GCM-SHA256",
        "-tls1_2 -cipher DHE-RSA-AES128-GCM-SHA256"
      })
  void refusesWhatIsOldOrWithoutForwardSecrecy(String arguments) throws Exception {
    Openssl.Result result = connect(arguments, "");

    assertThat(result.output()).contains("New, (NONE), Cipher is (NONE)").contains(" alert ");
    assertThat(result.exit()).isNotZero();
  }

  @Test
  void refusesRenegotiation() throws Exception {
    Openssl.Result result = openssl.talk("s_client -connect 127.0.0.1:" + port + " -tls1_2", "R\n");

    assertThat(result.output()).contains("New, TLSv1.2").contains("RENEGOTIATING");
    assertThat(result.exit()).as(result.output()).isEqualTo(1);
  }

  private Openssl.Result connect(String arguments, String input) throws Exception {
    return openssl.run("s_client -connect 127.0.0.1:" + port + " " + arguments, input);
  }

  /** Reads and forgets; a link that fails is closed by its TLS handler. */
  private static final class Application extends SimpleChannelInboundHandler<ByteBuf> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf octets) {}

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {}
  }
}
