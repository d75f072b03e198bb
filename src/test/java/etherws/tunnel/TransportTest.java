package etherws.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Scanner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TransportTest {
  private final Transport transport = new Transport(1, Congestion.choose(null));

  @AfterEach
  void stop() {
    transport.loops().shutdownGracefully();
  }

  @Test
  void littleWaitsInTheKernelAndABlackholeIsNotForgottenForLong() {
    assumeTrue(Epoll.isAvailable(), "needs epoll");
    Channel hub = listen();
    Channel spoke =
        transport
            .client()
            .group(transport.loops())
            .handler(new ChannelInboundHandlerAdapter())
            .connect(hub.localAddress())
            .syncUninterruptibly()
            .channel();

    assertThat(spoke.config().getOption(EpollChannelOption.TCP_NODELAY)).isTrue();
    assertThat(spoke.config().getOption(EpollChannelOption.TCP_NOTSENT_LOWAT)).isEqualTo(131_072L);
    assertThat(spoke.config().getOption(EpollChannelOption.TCP_USER_TIMEOUT)).isEqualTo(20_000);
    assumeTrue(kernelHasRtoMax(), "TCP_RTO_MAX_MS came with Linux 6.15");
    assertThat(spoke.config().getOption(Transport.TCP_RTO_MAX_MS))
        .isEqualTo(Transport.RTO_MAX_MILLIS);
  }

  @Test
  void aListenerPausesWhenItCanNotAccept() {
    assertThat(listen().pipeline().get(AcceptPause.class)).isNotNull();
  }

  private Channel listen() {
    return transport
        .server()
        .childHandler(new ChannelInboundHandlerAdapter())
        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .syncUninterruptibly()
        .channel();
  }

  /** Set all the same, an option that a kernel doesn't know would close every connection. */
  @Test
  void whatAnOlderKernelDoesNotKnowIsLeftOut() {
    assumeTrue(Epoll.isAvailable(), "needs epoll");

    assertThat(Transport.kernelTakes(new IntegerUnixChannelOption("TCP_NONE", 6, 9_999), 1))
        .isFalse();
    assertThat(Transport.kernelTakes(Transport.TCP_RTO_MAX_MS, Transport.RTO_MAX_MILLIS))
        .isEqualTo(kernelHasRtoMax());
  }

  private static boolean kernelHasRtoMax() {
    try (Scanner version = new Scanner(System.getProperty("os.version")).useDelimiter("\\D+")) {
      int major = version.nextInt();
      return major > 6 || (major == 6 && version.nextInt() >= 15);
    }
  }
}
