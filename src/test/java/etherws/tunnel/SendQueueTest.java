package etherws.tunnel;

import static etherws.testing.Frames.ALICE;
import static etherws.testing.Frames.BOB;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.frame.EthernetFrame;
import etherws.testing.Frames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SendQueueTest {
  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
  private final SendQueue queue = new SendQueue(allocator);

  @Test
  void handsFramesOutInOrderAndWhole() {
    byte[] first = Frames.octets(BOB, ALICE, 60);
    byte[] second = Frames.octets(ALICE, BOB, 1514);
    queue.offer(Frames.view(first), 0);
    queue.offer(Frames.view(second), 0);

    assertThat(taken()).isEqualTo(first);
    assertThat(taken()).isEqualTo(second);
    assertThat(queue.poll()).isNull();
    assertNothingHeld();
  }

  @Test
  void takesNoMoreThanItsBoundAndRoomComesBack() {
    EthernetFrame frame = Frames.view(Frames.octets(BOB, ALICE, 1514));
    int room = SendQueue.MAX_OCTETS / 1514;
    for (int i = 0; i < room; i++) {
      assertThat(queue.offer(frame, 0)).isTrue();
    }

    assertThat(queue.offer(frame, 0)).isFalse();
    taken();
    assertThat(queue.offer(frame, 0)).isTrue();

    queue.close();
    assertNothingHeld();
  }

  @Test
  void tellsAFrameThatHasWaitedTooLong() {
    queue.offer(Frames.frame(BOB, ALICE), 1_000);
    ByteBuf entry = requireNonNull(queue.poll());

    assertThat(SendQueue.isOld(entry, 1_000 + SendQueue.MAX_AGE)).isFalse();
    assertThat(SendQueue.isOld(entry, 1_001 + SendQueue.MAX_AGE)).isTrue();
    entry.release();
  }

  @Test
  void holdsNothingOnceClosedEvenWhenOffersRace() throws Exception {
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                EthernetFrame frame = Frames.frame(BOB, ALICE);
                for (int i = 0; i < 10_000; i++) {
                  queue.offer(frame, 0);
                }
              }));
    }
    queue.close();
    for (Thread thread : threads) {
      thread.join();
    }

    assertNothingHeld();
  }

  private byte[] taken() {
    ByteBuf entry = requireNonNull(queue.poll());
    byte[] octets = ByteBufUtil.getBytes(entry);
    entry.release();
    return octets;
  }

  private void assertNothingHeld() {
    assertThat(allocator.metric().usedDirectMemory()).isZero();
  }
}
