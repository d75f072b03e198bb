package etherws.tunnel;

import static etherws.testing.Frames.ALICE;
import static etherws.testing.Frames.BOB;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.frame.EthernetFrame;
import etherws.metrics.DropReason;
import etherws.metrics.PortCounters;
import etherws.testing.Frames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SendQueueTest {
  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
  private final PortCounters counters = new PortCounters();
  private final SendQueue queue = new SendQueue(allocator, counters, new Budget(Long.MAX_VALUE));
  private long now = 1;

  @AfterEach
  void nothingIsHeldOnceClosed() {
    queue.close();
    assertThat(allocator.metric().usedDirectMemory()).isZero();
  }

  @Test
  void handsTheFramesOfAFlowOutInOrderAndWhole() {
    List<byte[]> frames = List.of(udp(1, 100, 0), udp(1, 1400, 1), udp(1, 60, 2));
    frames.forEach(this::offer);

    for (byte[] frame : frames) {
      assertThat(next()).isEqualTo(frame);
    }
    assertThat(queue.isEmpty()).isTrue();
    assertThat(queue.poll(now)).isNull();
  }

  @Test
  void aFlowThatBeginsGoesBeforeOneThatFillsTheQueue() {
    for (int i = 0; i < 100; i++) {
      offer(udp(1, 1400, i));
    }
    next();
    next();
    byte[] ping = udp(2, 64, 0);
    offer(ping);

    assertThat(next()).isEqualTo(ping);
  }

  @Test
  void flowsThatFillTheQueueShareTheLinkByOctetsNotByFrames() {
    for (int i = 0; i < 300; i++) {
      offer(udp(1, 1400, i));
      for (int small = 0; small < 3; small++) {
        offer(udp(2, 300, 3 * i + small));
      }
    }
    int[] octets = new int[3];
    for (int i = 0; i < 400; i++) {
      byte[] frame = next();
      octets[portOf(frame)] += frame.length;
    }

    assertThat((double) octets[1] / octets[2]).isBetween(0.9, 1.1);
  }

  @Test
  void whatTheNetworkStandsStillWithoutOvertakesAll() {
    offer(udp(1, 1400, 0));
    offer(udp(2, 64, 0));
    byte[] arp = arp();
    offer(arp);

    assertThat(next()).isEqualTo(arp);
  }

  @Test
  void overItsBoundTheLongestFlowLosesItsOldest() {
    int room = SendQueue.MAX_OCTETS / (1442 + SendQueue.OVERHEAD);
    byte[] sparse = udp(2, 64, 0);
    offer(sparse);
    for (int i = 0; i < room + 10; i++) {
      offer(udp(1, 1400, i));
    }

    assertThat(next()).isEqualTo(sparse);
    assertThat(numberOf(next())).isBetween(10, 30);
    assertThat(counters.drops(DropReason.QUEUE_FULL)).isBetween(10L, 30L);
  }

  @Test
  void manyQueuesThatFillShareTheBudgetAndLeaveSomethingOver() {
    int total = 4 * SendQueue.MAX_OCTETS;
    Budget budget = new Budget(total);
    List<SendQueue> queues = new ArrayList<>();
    for (int q = 0; q < 20; q++) {
      SendQueue each = new SendQueue(allocator, counters, budget);
      queues.add(each);
      for (int i = 0; i < 1_000; i++) {
        each.offer(Frames.view(udp(1, 1400, i)), now);
        each.sort();
      }
    }

    assertThat(budget.taken()).isBetween(total / 2L, total - 1L);
    assertThat(allocator.metric().usedDirectMemory()).isLessThan(total);
    SendQueue late = queues.getLast();
    assertThat(late.isEmpty()).isFalse();
    queues.forEach(SendQueue::close);
    assertThat(budget.taken()).isZero();
  }

  @Test
  void aQueueThatEmptiesGivesItsShareOfTheBudgetBack() {
    Budget budget = new Budget(4 * SendQueue.MAX_OCTETS);
    SendQueue queue = new SendQueue(allocator, counters, budget);
    for (int i = 0; i < 100; i++) {
      queue.offer(Frames.view(udp(1, 1400, i)), now);
    }
    queue.sort();
    assertThat(budget.taken()).isGreaterThan(100_000);

    for (QueuedFrame frame = queue.poll(now); frame != null; frame = queue.poll(now)) {
      frame.release();
    }
    assertThat(budget.taken()).isZero();
  }

  @Test
  void offersAreRefusedWhenTheLoopDoesNotCome() {
    for (int i = 0; i < 4 * SendQueue.MAX_OCTETS / 1442; i++) {
      offer(udp(1, 1400, i));
    }

    assertThat(counters.drops(DropReason.QUEUE_FULL)).isPositive();
    assertThat(allocator.metric().usedDirectMemory()).isLessThan(3L * SendQueue.MAX_OCTETS);
  }

  @Test
  void whatTheNetworkStandsStillWithoutIsTakenWhenAllElseIsRefused() {
    for (int i = 0; i < 4 * SendQueue.MAX_OCTETS / 1442; i++) {
      offer(udp(1, 1400, i));
    }
    for (int i = 0; i < 20; i++) {
      offer(udp(1, 18, i)); // fills what room is left
    }
    byte[] arp = arp();
    offer(arp);

    assertThat(next()).isEqualTo(arp);
  }

  /** Dropping the only frame there is would idle the link. */
  @Test
  void aSuperFrameThatWaitsAloneIsNeverTooOld() {
    for (int i = 0; i < 50; i++) {
      offer(udp(1, 60_000, i));
      now += 20 * MILLI;
      assertThat(numberOf(next())).isEqualTo(i);
    }

    assertThat(counters.drops(DropReason.QUEUE_OLD)).isZero();
  }

  @Test
  void aQueueThatStaysLongerThanTheTargetForAnIntervalLosesFramesMoreAndMoreOften() {
    int sent = 0;
    for (int milli = 0; milli < 1_000; milli++) { // twice as many in as out
      now += MILLI;
      offer(udp(1, 400, 2 * milli));
      offer(udp(1, 400, 2 * milli + 1));
      sent += queue.isEmpty() || next().length == 0 ? 0 : 1;
      if (milli == 90) {
        assertThat(counters.drops(DropReason.QUEUE_OLD)).isZero();
      }
      if (milli == 300) {
        assertThat(counters.drops(DropReason.QUEUE_OLD)).isBetween(2L, 10L);
      }
    }

    assertThat(sent).isEqualTo(1_000);
    assertThat(counters.drops(DropReason.QUEUE_OLD)).isGreaterThan(20);
  }

  @Test
  void aBurstThatDrainsWithinAnIntervalLosesNothing() {
    for (int i = 0; i < 500; i++) {
      offer(udp(1, 1400, i));
    }
    for (int i = 0; i < 500; i++) {
      now += MILLI / 6;
      assertThat(numberOf(next())).isEqualTo(i);
    }

    assertThat(counters.drops(DropReason.QUEUE_OLD)).isZero();
  }

  @Test
  void aLargeFrameIsKeptWhereItIsAndASharedOneIsCopiedOnceForAll() {
    ByteBuf slab = Unpooled.buffer(100_000).writerIndex(100_000);
    EthernetFrame frame = new EthernetFrame();
    frame.wrap(slab, 64, 60_000);
    frame.leave(24);
    queue.offer(frame, now);
    assertThat(slab.refCnt()).isEqualTo(2);

    frame.share();
    queue.offer(frame, now);
    queue.offer(frame, now);
    ByteBuf copy = frame.copy(allocator);
    assertThat(copy.refCnt()).isEqualTo(3);
    assertThat(slab.refCnt()).isEqualTo(2);
    frame.shared();
    assertThat(copy.refCnt()).isEqualTo(2);

    queue.close();
    assertThat(copy.refCnt()).isZero();
    assertThat(slab.refCnt()).isEqualTo(1);
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

    assertThat(queue.isEmpty()).isTrue();
    assertThat(queue.poll(now)).isNull();
  }

  private void offer(byte[] frame) {
    queue.offer(Frames.view(frame), now);
  }

  private byte[] next() {
    QueuedFrame frame = requireNonNull(queue.poll(now));
    EthernetFrame view = new EthernetFrame();
    frame.view(view);
    byte[] octets = new byte[view.length()];
    view.buffer().getBytes(view.start(), octets);
    frame.release();
    return octets;
  }

  private static byte[] arp() {
    byte[] arp = Frames.octets(BOB, ALICE, 60);
    arp[12] = 0x08;
    arp[13] = 0x06;
    return arp;
  }

  /** A numbered datagram of a flow, which is its source port. */
  private static byte[] udp(int port, int payload, int number) {
    byte[] frame = Frames.octets(BOB, ALICE, 42 + payload);
    ByteBuf out = Unpooled.wrappedBuffer(frame);
    out.setShort(12, 0x0800).setByte(14, 0x45).setShort(16, 28 + payload).setShort(20, 0);
    out.setByte(23, 17).setInt(26, 0x0a000001).setInt(30, 0x0a000002);
    out.setShort(34, port).setShort(36, 9).setShort(38, 8 + payload).setInt(42, number);
    return frame;
  }

  private static int portOf(byte[] frame) {
    return Unpooled.wrappedBuffer(frame).getUnsignedShort(34);
  }

  private static int numberOf(byte[] frame) {
    return Unpooled.wrappedBuffer(frame).getInt(42);
  }
}
