package etherws.stream;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;

/** Sockets of the kinds that an address and the event loops call for. */
final class Sockets {
  private static final int CONNECT_TIMEOUT_MILLIS = 3_000;

  /** The most that is read at once: several super-frames. */
  private static final int MAX_READ = 256 * 1024;

  private static final RecvByteBufAllocator READS =
      new AdaptiveRecvByteBufAllocator(2 * 1024, 16 * 1024, MAX_READ);
  private static final WriteBufferWaterMark WATERMARK =
      new WriteBufferWaterMark(StreamEgress.QUEUE_OCTETS / 2, StreamEgress.QUEUE_OCTETS);

  /** A TCP peer that says nothing is asked after 10 s, and given up when it stays mute for 20. */
  private static final int KEEP_IDLE_SECONDS = 10;

  private static final int KEEP_INTERVAL_SECONDS = 5;
  private static final int USER_TIMEOUT_MILLIS = 20_000;

  private Sockets() {}

  /** Ready to bind to {@link #local}, but for the handler of connections. */
  static ServerBootstrap server(IoEventLoopGroup loops, SocketAddress address) {
    boolean epoll = loops.isIoType(EpollIoHandler.class);
    ServerBootstrap server =
        new ServerBootstrap()
            .group(loops)
            .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .childOption(ChannelOption.RECVBUF_ALLOCATOR, READS)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATERMARK);
    if (isUnix(address)) {
      return server.channel(
          epoll ? EpollServerDomainSocketChannel.class : NioServerDomainSocketChannel.class);
    }
    server.childOption(ChannelOption.TCP_NODELAY, true);
    server.childOption(ChannelOption.SO_KEEPALIVE, true);
    if (!epoll) {
      return server.channel(NioServerSocketChannel.class);
    }
    return server
        .channel(EpollServerSocketChannel.class)
        .childOption(EpollChannelOption.TCP_KEEPIDLE, KEEP_IDLE_SECONDS)
        .childOption(EpollChannelOption.TCP_KEEPINTVL, KEEP_INTERVAL_SECONDS)
        .childOption(EpollChannelOption.TCP_USER_TIMEOUT, USER_TIMEOUT_MILLIS);
  }

  /** Ready to connect to {@link #local}, but for the handler. */
  static Bootstrap client(IoEventLoopGroup loops, SocketAddress address) {
    boolean epoll = loops.isIoType(EpollIoHandler.class);
    Bootstrap client =
        new Bootstrap()
            .group(loops)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
            .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .option(ChannelOption.RECVBUF_ALLOCATOR, READS)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATERMARK);
    if (isUnix(address)) {
      return client.channel(epoll ? EpollDomainSocketChannel.class : NioDomainSocketChannel.class);
    }
    client.option(ChannelOption.TCP_NODELAY, true);
    client.option(ChannelOption.SO_KEEPALIVE, true);
    if (!epoll) {
      return client.channel(NioSocketChannel.class);
    }
    return client
        .channel(EpollSocketChannel.class)
        .option(EpollChannelOption.TCP_KEEPIDLE, KEEP_IDLE_SECONDS)
        .option(EpollChannelOption.TCP_KEEPINTVL, KEEP_INTERVAL_SECONDS)
        .option(EpollChannelOption.TCP_USER_TIMEOUT, USER_TIMEOUT_MILLIS);
  }

  /** The address in the words of the loops' channels: epoll has its own for UNIX sockets. */
  static SocketAddress local(IoEventLoopGroup loops, SocketAddress address) {
    return address instanceof UnixDomainSocketAddress unix && loops.isIoType(EpollIoHandler.class)
        ? new DomainSocketAddress(unix.getPath().toFile())
        : address;
  }

  static boolean isUnix(SocketAddress address) {
    return address instanceof UnixDomainSocketAddress;
  }

  /** {@code 192.0.2.1:4711}, {@code [2001:db8::1]:4711}, {@code /run/guest.sock}. */
  static String text(SocketAddress address) {
    return address instanceof InetSocketAddress inet
        ? NetUtil.toSocketAddressString(inet)
        : String.valueOf(address);
  }
}
