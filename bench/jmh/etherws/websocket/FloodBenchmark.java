package etherws.websocket;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The frames of one wake-up, flooded to plain peers without TLS over loopback: copied into a batch for each
 * peer, or encoded once and sent to all by reference.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FloodBenchmark {
  private static final int PEERS = 8;

  @Param({"1", "8", "32"})
  public int frames;

  @Param({"64", "1514"})
  public int length;

  private final PooledByteBufAllocator memory = PooledByteBufAllocator.DEFAULT;
  private final ByteBuf frame = memory.directBuffer(2048).writeZero(2048);
  private final WsWriter writer = WsWriter.unmasked();
  private final List<Channel> peers = new ArrayList<>();
  private MultiThreadIoEventLoopGroup loop;
  private ServerSocket far;

  @Setup
  public void connect() throws Exception {
    loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    far = new ServerSocket(0, PEERS, InetAddress.getLoopbackAddress());
    for (int i = 0; i < PEERS; i++) {
      peers.add(
          new Bootstrap()
              .group(loop)
              .channel(EpollSocketChannel.class)
              .handler(new ChannelInboundHandlerAdapter())
              .connect(far.getLocalSocketAddress())
              .sync()
              .channel());
      Socket socket = far.accept();
      Thread.ofPlatform().daemon().start(() -> discard(socket));
    }
  }

  private static void discard(Socket socket) {
    byte[] octets = new byte[1 << 18];
    try (InputStream in = socket.getInputStream()) {
      while (in.read(octets) >= 0) {}
    } catch (IOException e) {
      // the end
    }
  }

  @TearDown
  public void close() throws Exception {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    far.close();
  }

  @Benchmark
  public void copied() throws Exception {
    loop.submit(() -> {
      for (Channel peer : peers) {
        ByteBuf batch = memory.directBuffer(frames * (WsWriter.HEADROOM + length));
        for (int i = 0; i < frames; i++) {
          writer.binary(batch, frame, 0, length);
        }
        peer.writeAndFlush(batch, peer.voidPromise());
      }
    }).sync();
    await();
  }

  @Benchmark
  public void shared() throws Exception {
    loop.submit(() -> {
      for (int i = 0; i < frames; i++) {
        ByteBuf message = memory.directBuffer(WsWriter.HEADROOM + length);
        writer.binary(message, frame, 0, length);
        for (Channel peer : peers) {
          peer.write(message.retainedDuplicate(), peer.voidPromise());
        }
        message.release();
      }
      for (Channel peer : peers) {
        peer.flush();
      }
    }).sync();
    await();
  }

  private void await() {
    for (Channel peer : peers) {
      while (!peer.isWritable()) {
        Thread.onSpinWait();
      }
    }
  }
}
