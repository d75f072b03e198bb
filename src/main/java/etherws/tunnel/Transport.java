package etherws.tunnel;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.util.ArrayList;
import java.util.List;

/** Event loops and TCP sockets: epoll where Netty has it, else NIO. */
public final class Transport {
  /*
   * What waits in the kernel can't be reordered, dropped or overtaken, so little may wait there: the
   * watermark bounds the process's share and TCP_NOTSENT_LOWAT the socket's; Backlog lowers both on
   * a slow link. SO_SNDBUF stays unset, because setting it turns the kernel's autotuning off.
   */
  private static final int LOW_WATER = Backlog.MAX_OCTETS / 2;
  private static final int HIGH_WATER = Backlog.MAX_OCTETS;
  private static final long NOT_SENT = Backlog.MAX_OCTETS;

  /** The kernel gives a link up when its octets stay unacknowledged for this long. */
  private static final int USER_TIMEOUT_MILLIS = 20_000;

  /**
   * TCP_RTO_MAX_MS of {@code <linux/tcp.h>}, since Linux 6.15: the pause between retransmissions
   * grows to no more than this, so that a link wakes up soon after a blackhole ends.
   */
  static final IntegerUnixChannelOption TCP_RTO_MAX_MS =
      new IntegerUnixChannelOption("TCP_RTO_MAX_MS", 6, 44);

  static final int RTO_MAX_MILLIS = 2_000;

  /** Who may wait to be accepted, as when all come back at once; the kernel cuts it to its own. */
  private static final int BACKLOG = 4096;

  /** The most that is read at once: several super-frames. */
  private static final int MAX_READ = 256 * 1024;

  private final MultiThreadIoEventLoopGroup loops;
  private final Budget budget = Budget.ofProcess();
  private volatile Congestion congestion;
  private final boolean capsRetransmissions;

  /** Starts {@code threads} event loops. */
  public Transport(int threads, Congestion congestion) {
    this.congestion = congestion;
    this.capsRetransmissions = Epoll.isAvailable() && kernelTakes(TCP_RTO_MAX_MS, RTO_MAX_MILLIS);
    IoHandlerFactory factory =
        Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    loops = new MultiThreadIoEventLoopGroup(threads, factory);
  }

  /** Sockets to come do with what the kernel lets anybody choose: no other option is refused. */
  public void expectNoPrivileges() {
    congestion = congestion.forAnybody();
  }

  public MultiThreadIoEventLoopGroup loops() {
    return loops;
  }

  /** The same, one by one. */
  public List<IoEventLoop> loopList() {
    List<IoEventLoop> list = new ArrayList<>();
    loops.forEach(loop -> list.add((IoEventLoop) loop));
    return list;
  }

  /** What {@code --debug} prints. */
  public static String name() {
    return Epoll.isAvailable() ? "epoll" : "NIO (" + Epoll.unavailabilityCause() + ")";
  }

  private static RecvByteBufAllocator reads() {
    return new AdaptiveRecvByteBufAllocator(2 * 1024, 16 * 1024, MAX_READ);
  }

  ServerBootstrap server() {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops)
            .handler(new AcceptPause())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childAttr(Budget.key(), budget)
            .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childOption(ChannelOption.RECVBUF_ALLOCATOR, reads())
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(LOW_WATER, HIGH_WATER));
    if (!Epoll.isAvailable()) {
      return bootstrap.channel(NioServerSocketChannel.class);
    }
    if (congestion.algorithm() != null) {
      bootstrap.option(Congestion.OPTION, congestion.option()); // accepted sockets inherit it
    }
    if (capsRetransmissions) {
      bootstrap.childOption(TCP_RTO_MAX_MS, RTO_MAX_MILLIS);
    }
    return bootstrap
        .channel(EpollServerSocketChannel.class)
        .childOption(EpollChannelOption.TCP_NOTSENT_LOWAT, NOT_SENT)
        .childOption(EpollChannelOption.TCP_USER_TIMEOUT, USER_TIMEOUT_MILLIS);
  }

  Bootstrap client() {
    Bootstrap bootstrap =
        new Bootstrap()
            .attr(Budget.key(), budget)
            .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .option(ChannelOption.RECVBUF_ALLOCATOR, reads())
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_KEEPALIVE, true)
            .option(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(LOW_WATER, HIGH_WATER));
    if (!Epoll.isAvailable()) {
      return bootstrap.channel(NioSocketChannel.class);
    }
    if (congestion.algorithm() != null) {
      bootstrap.option(Congestion.OPTION, congestion.option());
    }
    if (capsRetransmissions) {
      bootstrap.option(TCP_RTO_MAX_MS, RTO_MAX_MILLIS);
    }
    return bootstrap
        .channel(EpollSocketChannel.class)
        .option(EpollChannelOption.TCP_NOTSENT_LOWAT, NOT_SENT)
        .option(EpollChannelOption.TCP_USER_TIMEOUT, USER_TIMEOUT_MILLIS);
  }

  /** Asks with a socket of its own: Netty closes a channel that refuses one of its options. */
  static boolean kernelTakes(IntegerUnixChannelOption option, int value) {
    EpollSocketChannel probe = new EpollSocketChannel();
    try {
      return probe.config().setOption(option, value);
    } catch (ChannelException e) {
      return false;
    } finally {
      probe.unsafe().closeForcibly();
    }
  }
}
