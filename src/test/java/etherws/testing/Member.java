package etherws.testing;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One of a {@link Crowd}, through all of its connections. Owned by the crowd's thread. */
public final class Member {
  private static final byte[] NOBODY = {2, 0, 0, 0, 0, 0};

  private final Crowd crowd;
  private final int number;
  private @Nullable Channel channel;
  private boolean in;
  private boolean leaving;
  private final AtomicLong octets = new AtomicLong();

  Member(Crowd crowd, int number) {
    this.crowd = crowd;
    this.number = number;
  }

  int number() {
    return number;
  }

  /** What it has got since ever. Any thread. */
  public long octets() {
    return octets.get();
  }

  /** Goes, and doesn't come back. Any thread. */
  public void leave() {
    crowd
        .loop()
        .execute(() -> {
          leaving = true;
          if (channel != null) {
            channel.close();
          }
        });
  }

  /**
   * Reads nothing any more, and doesn't come back once it is sent away. It still sends a frame a
   * second, to itself: it lives. Any thread.
   */
  public void stopReading() {
    crowd
        .loop()
        .execute(() -> {
          leaving = true;
          if (channel != null) {
            channel.config().setAutoRead(false);
            byte[] frame = frame();
            putAddress(frame, 0);
            var talk = crowd.loop().scheduleAtFixedRate(() -> say(frame), 1, 1, TimeUnit.SECONDS);
            channel.closeFuture().addListener(_ -> talk.cancel(false));
          }
        });
  }

  /** Sends a frame to nobody, so that the bridge learns where it is. Any thread. */
  public void introduceItself() {
    crowd
        .loop()
        .execute(() -> {
          byte[] frame = frame();
          System.arraycopy(NOBODY, 0, frame, 0, NOBODY.length);
          say(frame);
        });
  }

  /** From this one, to nobody yet. */
  private byte[] frame() {
    byte[] frame = new byte[60];
    putAddress(frame, 6);
    frame[12] = (byte) 0x88;
    frame[13] = (byte) 0xb5;
    return frame;
  }

  private void say(byte[] frame) {
    write(frame);
    flush();
  }

  // ---- on the crowd's thread

  void putAddress(byte[] frame, int index) {
    frame[index] = 2;
    frame[index + 3] = 1;
    frame[index + 4] = (byte) (number >> 8);
    frame[index + 5] = (byte) number;
  }

  void dial() {
    if (!leaving) {
      crowd.connect(this);
    }
  }

  void failed() {
    crowd
        .loop()
        .schedule(
            this::dial, 500 + ThreadLocalRandom.current().nextInt(1_000), TimeUnit.MILLISECONDS);
  }

  void connected(Channel channel) {
    this.channel = channel;
    ByteBuf request = channel.alloc().buffer();
    request.writeCharSequence(crowd.request(number), java.nio.charset.StandardCharsets.US_ASCII);
    channel.writeAndFlush(request);
  }

  void accepted() {
    in = true;
    crowd.cameIn();
  }

  void got(int more) {
    octets.lazySet(octets.get() + more);
  }

  void disconnected() {
    channel = null;
    if (in) {
      in = false;
      crowd.wentOut(!leaving);
      dial();
    } else {
      failed();
    }
  }

  boolean isWritable() {
    return channel != null && channel.isWritable();
  }

  /** A message, masked with zeros. */
  void write(byte[] frame) {
    if (channel != null) {
      ByteBuf message = channel.alloc().buffer(frame.length + 8);
      message.writeByte(0x82);
      if (frame.length < 126) {
        message.writeByte(0x80 | frame.length);
      } else {
        message.writeByte(0x80 | 126).writeShort(frame.length);
      }
      channel.write(message.writeInt(0).writeBytes(frame), channel.voidPromise());
    }
  }

  void flush() {
    if (channel != null) {
      channel.flush();
    }
  }
}
