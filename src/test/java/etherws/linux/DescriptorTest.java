package etherws.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class DescriptorTest {
  private static final int EBADF = -Errno.EBADF.number();
  private static final int EAGAIN = -Errno.EAGAIN.number();
  private static final int WRITERS = 2;
  private static final int ROUNDS = 200;

  private final Arena arena = Arena.ofAuto();
  private final long one = arena.allocateFrom(JAVA_LONG, 1).address();
  private final long iovec = arena.allocateFrom(JAVA_LONG, one, Long.BYTES).address();
  private final long scratch = arena.allocate(JAVA_LONG).address();

  @Test
  void refusesEveryCallOnceClosed() {
    Descriptor counter = new Descriptor(eventfd());
    assertThat(counter.write(one, Long.BYTES)).isEqualTo(Long.BYTES);
    assertThat(counter.read(scratch, Long.BYTES)).isEqualTo(Long.BYTES);
    assertThat(counter.writev(iovec, 1)).isEqualTo(Long.BYTES);

    counter.close();

    assertThat(counter.write(one, Long.BYTES)).isEqualTo(EBADF);
    assertThat(counter.read(scratch, Long.BYTES)).isEqualTo(EBADF);
    assertThat(counter.writev(iovec, 1)).isEqualTo(EBADF);
    assertThat(LibC.write(counter.number(), one, Long.BYTES)).isEqualTo(EBADF);
  }

  @Test
  void closingAgainLeavesTheNextFileOfThatNumberAlone() {
    Descriptor counter = new Descriptor(eventfd());
    int stranger = eventfd();
    counter.close();
    LibC.dup2(stranger, counter.number());

    counter.close();
    assertThat(counter.write(one, Long.BYTES)).isEqualTo(EBADF);

    assertThat(LibC.read(counter.number(), scratch, Long.BYTES)).isEqualTo(EAGAIN);
    LibC.close(counter.number());
    LibC.close(stranger);
  }

  /**
   * Writers hammer a descriptor while it is closed and its number given to another file at once.
   * Had any write come late, the stranger's counter would not be zero; had anybody closed twice,
   * the stranger would be closed.
   */
  @Test
  void noWriteReachesAStrangerThatWasGivenTheNumber() throws Exception {
    int reused = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(WRITERS)) {
      for (int round = 0; round < ROUNDS; round++) {
        Descriptor counter = new Descriptor(eventfd());
        CountDownLatch writing = new CountDownLatch(WRITERS);
        List<Future<?>> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
          writers.add(threads.submit(() -> writeUntilClosed(counter, writing)));
        }
        writing.await();

        counter.close();
        List<Integer> strangers = List.of(eventfd(), eventfd());

        for (Future<?> writer : writers) {
          writer.get();
        }
        for (int stranger : strangers) {
          reused += stranger == counter.number() ? 1 : 0;
          assertThat(LibC.read(stranger, scratch, Long.BYTES)).isEqualTo(EAGAIN);
          LibC.close(stranger);
        }
      }
    }
    assertThat(reused).isPositive();
  }

  private void writeUntilClosed(Descriptor counter, CountDownLatch writing) {
    long result = counter.writev(iovec, 1);
    writing.countDown();
    while (result != EBADF) {
      result = counter.writev(iovec, 1);
    }
  }

  private static int eventfd() {
    return LibC.eventfd(0, LibC.EFD_CLOEXEC | LibC.EFD_NONBLOCK);
  }
}
