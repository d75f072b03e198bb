package etherws.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.lang.management.ManagementFactory;
import java.security.SecureRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Steady traffic makes no garbage. */
class WsAllocationTest {
  private static final int ROUNDS = 10_000;
  private static final int MESSAGES_PER_ROUND = 100;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  // Without leak detection, which notes every access of the buffers it watches.
  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
  private final ByteBuf wire = allocator.directBuffer(1 << 20);
  private final ByteBuf payload = allocator.directBuffer().writeZero(1514);
  private final CountingSink sink = new CountingSink();

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void writingAndReadingAllocateNothing(boolean masked) {
    WsWriter writer =
        masked ? WsWriter.masked(new WsKeys(new SecureRandom())) : WsWriter.unmasked();
    WsReader reader = new WsReader(masked, new WsLimits(1514, 1), sink);
    run(writer, reader, ROUNDS / 2);

    long before = threads.getCurrentThreadAllocatedBytes();
    run(writer, reader, ROUNDS);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;

    assertThat(sink.messages).isEqualTo((ROUNDS / 2 + ROUNDS) * (long) MESSAGES_PER_ROUND);
    assertThat(allocated / (ROUNDS * (double) MESSAGES_PER_ROUND))
        .as("octets allocated per message")
        .isLessThan(1);
    wire.release();
    payload.release();
  }

  private void run(WsWriter writer, WsReader reader, int rounds) {
    for (int round = 0; round < rounds; round++) {
      wire.clear();
      for (int i = 0; i < MESSAGES_PER_ROUND; i++) {
        writer.binary(wire, payload, 0, i % 2 == 0 ? 1514 : 60);
      }
      reader.read(wire);
    }
  }

  private static final class CountingSink implements WsSink {
    long messages;

    @Override
    public void binary(ByteBuf buffer, int index, int length) {
      messages++;
    }

    @Override
    public void text(ByteBuf buffer, int index, int length) {}

    @Override
    public void ping(ByteBuf buffer, int index, int length) {}

    @Override
    public void pong(ByteBuf buffer, int index, int length) {}

    @Override
    public void close(int code, String reason) {}
  }
}
