package etherws.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final Progress progress = new Progress();
  private final Socket socket = new Socket();
  private long now = 7;

  /** A channel to a socket that takes as many octets as it is told to. */
  private static final class Socket extends EmbeddedChannel {
    private int room;

    @Override
    protected void doWrite(ChannelOutboundBuffer in) {
      while (room > 0 && in.current() instanceof ByteBuf next) {
        int octets = Math.min(room, next.readableBytes());
        in.removeBytes(octets);
        room -= octets;
      }
      room = 0;
    }

    void takes(int octets) {
      room = octets;
      flush();
    }
  }

  @AfterEach
  void close() {
    socket.takes(Integer.MAX_VALUE);
    socket.finishAndReleaseAll();
  }

  @Test
  void aPeerIsStuckWhenNothingThatWaitsHasMovedForFifteenSeconds() {
    write(1_000);
    assertThat(isStuck()).isFalse();

    now += Progress.STUCK_AFTER - 1;
    write(2); // a ping behind it
    assertThat(isStuck()).isFalse();
    now++;
    assertThat(isStuck()).isTrue();
  }

  @Test
  void aPeerThatReadsALittleIsSlowAndNotStuck() {
    write(1_000);
    for (int i = 0; i < 100; i++) {
      assertThat(isStuck()).isFalse();
      now += Progress.STUCK_AFTER - 1;
      socket.takes(1);
      write(1);
    }
  }

  @Test
  void withNothingToReadNobodyIsStuck() {
    for (int i = 0; i < 100; i++) {
      assertThat(isStuck()).isFalse();
      now += Progress.STUCK_AFTER;
    }
    write(1);
    assertThat(isStuck()).isFalse();
  }

  private void write(int octets) {
    socket.write(Unpooled.buffer(octets).writeZero(octets));
    socket.flush();
  }

  private boolean isStuck() {
    return progress.isStuck(socket, now);
  }
}
