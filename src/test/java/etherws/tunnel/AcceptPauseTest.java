package etherws.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AcceptPauseTest {
  @Test
  void aListenerThatCannotAcceptTriesAgainAfterAPause() {
    EmbeddedChannel listener = new EmbeddedChannel(new AcceptPause());
    listener.freezeTime();

    for (int i = 0; i < 3; i++) {
      listener.pipeline().fireExceptionCaught(new IOException("Too many open files"));
      assertThat(listener.config().isAutoRead()).isFalse();

      listener.advanceTimeBy(250, TimeUnit.MILLISECONDS);
      listener.runScheduledPendingTasks();
      assertThat(listener.config().isAutoRead()).isTrue();
    }
  }
}
