package etherws.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import etherws.linux.LibC;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Thousands of clients of a server on the loopback of a host, all by one thread: WebSockets of the
 * plain wire that answer pings and count what comes. Who is sent away dials again at once, and then
 * about once a second. Each has an address of its own, 127.1.x.y.
 */
public final class Crowd implements AutoCloseable {
  private static final int NETWORKS = 250;

  /** Little, so that who stops to read is soon felt. */
  private static final int RECEIVE_BUFFER = 64 * 1024;

  /** Enough for what {@link #traffic} sends in one go. */
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(512 * 1024, 1024 * 1024);

  private static final int CLONE_NEWNET = 0x40000000;

  private final MultiThreadIoEventLoopGroup group;
  private final EventLoop loop;
  private final Bootstrap bootstrap;
  private final InetSocketAddress server;
  private final @Nullable SslContext tls;
  private final IntFunction<String> users;
  private final List<Member> members = new CopyOnWriteArrayList<>();
  private final AtomicInteger up = new AtomicInteger();
  private final AtomicInteger entered = new AtomicInteger();
  private final AtomicInteger lost = new AtomicInteger();

  /**
   * Nobody yet.
   *
   * @param tls whether they use it, without a look at the certificate
   * @param users {@code user:password} of each; null of those who give none
   */
  public Crowd(Host host, int port, boolean tls, IntFunction<@Nullable String> users)
      throws SSLException {
    this.server = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
    this.users = users;
    this.tls = tls ? trusting() : null;
    ThreadFactory thread =
        work ->
            Thread.ofPlatform()
                .daemon()
                .name("crowd")
                .unstarted(() -> {
                  enter(host);
                  work.run();
                });
    group = new MultiThreadIoEventLoopGroup(1, thread, EpollIoHandler.newFactory());
    loop = group.next();
    bootstrap =
        new Bootstrap()
            .group(group)
            .channel(EpollSocketChannel.class)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 60_000)
            .option(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
            .option(ChannelOption.TCP_NODELAY, true);
  }

  private static SslContext trusting() throws SSLException {
    return SslContextBuilder.forClient()
        .sslProvider(SslProvider.OPENSSL)
        .trustManager(InsecureTrustManagerFactory.INSTANCE)
        .endpointIdentificationAlgorithm(null)
        .build();
  }

  private static void enter(Host host) {
    int fd = LibC.open("/run/netns/" + host.name(), LibC.O_CLOEXEC);
    int result = fd < 0 ? fd : LibC.setns(fd, CLONE_NEWNET);
    LibC.close(fd);
    if (result < 0) {
      throw new AssertionError("cannot enter " + host.name() + ": errno " + -result);
    }
  }

  /** So many more dial, all at once. */
  public void join(int count) {
    int before = members.size();
    List<Member> fresh =
        Stream.iterate(before, i -> i + 1).limit(count).map(i -> new Member(this, i)).toList();
    members.addAll(fresh);
    loop.execute(() -> fresh.forEach(Member::dial));
  }

  /** Waits until so many are in. */
  public void awaitUp(int count, Duration limit) {
    Lab.await(count + " are in, not " + up, limit, () -> up.get() >= count);
  }

  /** Who is in now. */
  public int up() {
    return up.get();
  }

  /** How often one has come in. */
  public int entered() {
    return entered.get();
  }

  /** How often one was sent away who was in. */
  public int lost() {
    return lost.get();
  }

  public Member member(int i) {
    return members.get(i);
  }

  /** Octets that these have got since ever. */
  public long octets(int from, int to) {
    return members.subList(from, to).stream().mapToLong(Member::octets).sum();
  }

  /**
   * Member {@code from} sends frames to the others in turn, at about this rate in all.
   *
   * @param to the first that gets any
   * @param count how many do
   * @return ends it
   */
  public AutoCloseable traffic(int from, int to, int count, int length, double megabitsPerSecond) {
    Traffic traffic =
        new Traffic(members.get(from), members.subList(to, to + count), length, megabitsPerSecond);
    var task = loop.scheduleAtFixedRate(traffic, 0, Traffic.TICK_MILLIS, TimeUnit.MILLISECONDS);
    return () -> task.cancel(false);
  }

  // ---- for members

  EventLoop loop() {
    return loop;
  }

  String request(int i) {
    String user = users.apply(i);
    return "GET / HTTP/1.1\r\nHost: crowd\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        + (user == null ? "" : "Authorization: Basic " + base64(user) + "\r\n")
        + "\r\n";
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(ISO_8859_1));
  }

  void connect(Member member) {
    String own =
        "127.1.%d.%d".formatted(member.number() / NETWORKS, 1 + member.number() % NETWORKS);
    bootstrap
        .clone()
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                if (tls != null) {
                  channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                }
                channel.pipeline().addLast(new MemberLink(member));
              }
            })
        .connect(server, new InetSocketAddress(InetAddress.ofLiteral(own), 0))
        .addListener(done -> {
          if (!done.isSuccess()) {
            member.failed();
          }
        });
  }

  void cameIn() {
    up.incrementAndGet();
    entered.incrementAndGet();
  }

  void wentOut(boolean sentAway) {
    up.decrementAndGet();
    if (sentAway) {
      lost.incrementAndGet();
    }
  }

  @Override
  public void close() {
    if (group.isShuttingDown()) {
      return;
    }
    loop.submit(() -> members.forEach(Member::leave)).awaitUninterruptibly();
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  /** Frames at a rate, as far as the sender's connection takes them. */
  private static final class Traffic implements Runnable {
    static final int TICK_MILLIS = 5;

    private final Member from;
    private final List<Member> to;
    private final byte[] frame;
    private final int framesPerTick;
    private int next;

    Traffic(Member from, List<Member> to, int length, double megabitsPerSecond) {
      this.from = from;
      this.to = List.copyOf(to);
      this.frame = new byte[length];
      frame[12] = (byte) 0x88;
      frame[13] = (byte) 0xb5;
      double bitsPerTick = megabitsPerSecond * 1e6 * TICK_MILLIS / 1e3;
      this.framesPerTick = Math.max(1, (int) (bitsPerTick / (length * Byte.SIZE)));
    }

    @Override
    public void run() {
      for (int i = 0; i < framesPerTick && from.isWritable(); i++) {
        next = (next + 1) % to.size();
        to.get(next).putAddress(frame, 0);
        from.putAddress(frame, 6);
        from.write(frame);
      }
      from.flush();
    }
  }
}
