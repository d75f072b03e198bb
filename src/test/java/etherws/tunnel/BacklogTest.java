package etherws.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BacklogTest {
  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final Backlog backlog = new Backlog(channel);
  private long now;

  BacklogTest() {
    channel
        .config()
        .setWriteBufferWaterMark(
            new WriteBufferWaterMark(Backlog.MAX_OCTETS / 2, Backlog.MAX_OCTETS));
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  @Test
  void aSlowLinkIsLentWhatItSendsInTwoMilliseconds() {
    runsAt(20_000); // octets in a millisecond: 160 Mbit/s

    assertThat(backlog.bound()).isBetween(30_000, 50_000);
    assertThat(channel.config().getWriteBufferHighWaterMark()).isEqualTo(backlog.bound());
  }

  @Test
  void neverLessThanTheLeast() {
    runsAt(100);

    assertThat(backlog.bound()).isEqualTo(Backlog.MIN_OCTETS);
  }

  @Test
  void aLinkThatGetsFastAgainIsLentAllAgain() {
    runsAt(100);
    runsAt(1_000_000);

    assertThat(backlog.bound()).isEqualTo(Backlog.MAX_OCTETS);
  }

  @Test
  void whatWasNeverOverTheWatermarkTellsNothing() {
    backlog.drained(1);

    assertThat(backlog.bound()).isEqualTo(Backlog.MAX_OCTETS);
  }

  /** Fills the channel over its watermark and empties it, again and again. */
  private void runsAt(int octetsPerMilli) {
    ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
    for (int i = 0; i < 40; i++) {
      channel.write(Unpooled.buffer().writeZero(backlog.bound() + 10_000));
      backlog.full(now);
      now += channel.bytesBeforeWritable() * MILLI / octetsPerMilli;
      channel.flush();
      channel.releaseOutbound();
      assertThat(outbound.totalPendingWriteBytes()).isZero();
      backlog.drained(now);
    }
  }
}
