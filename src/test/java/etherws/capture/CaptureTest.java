package etherws.capture;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.capture.Capture.Source;
import etherws.testing.Frames;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CaptureTest {
  private final Capture capture = new Capture(FrameFilter.ALL, 100, () -> 42);
  private final Source port = capture.source("lab/1 ethws0");

  @Test
  void copiesWhatIsNeededOfAFrame() {
    byte[] octets = Frames.octets(Frames.BOB, Frames.ALICE, 150);
    port.frame(true, Frames.view(octets));
    octets[0] = 99;

    CapturedFrame frame = requireNonNull(capture.poll());
    assertThat(frame.length()).isEqualTo(150);
    assertThat(frame.octets()).hasSize(100).startsWith(2, 0, 0, 0, 0, 0x0b);
    assertThat(frame.ingress()).isTrue();
    assertThat(frame.epochNanos()).isEqualTo(42);
    assertThat(capture.poll()).isNull();
  }

  @Test
  void leavesOutWhatTheFilterRefuses() throws FilterException {
    Capture arp = new Capture(FrameFilter.parse("arp"), 100, () -> 42);
    Source source = arp.source("");
    source.frame(true, Frames.frame(Frames.BOB, Frames.ALICE));

    assertThat(arp.poll()).isNull();
    assertThat(source.accepted()).isZero();
  }

  @Test
  void keepsABoundedNumberOfOctetsWhileNobodyReads() {
    int frames = 100_000;
    for (int i = 0; i < frames; i++) {
      port.frame(false, Frames.frame(Frames.BOB, Frames.ALICE));
    }
    assertThat(port.dropped()).isBetween(frames - Capture.MAX_WAITING / 60L, frames - 20_000L);
    assertThat(port.accepted()).isEqualTo(frames);

    int read = 0;
    while (capture.poll() != null) {
      read++;
    }
    assertThat(read + port.dropped()).isEqualTo(frames);
    port.frame(false, Frames.frame(Frames.BOB, Frames.ALICE));
    assertThat(capture.poll()).as("there is room again").isNotNull();
  }

  @Test
  void wakesTheReaderOnceAfterItHasFoundNothing() {
    AtomicInteger wakes = new AtomicInteger();
    capture.onFrame(wakes::incrementAndGet);
    for (int i = 0; i < 3; i++) {
      port.frame(true, Frames.frame(Frames.BOB, Frames.ALICE));
    }
    assertThat(wakes).hasValue(1);

    while (capture.poll() != null) {}
    port.frame(true, Frames.frame(Frames.BOB, Frames.ALICE));
    assertThat(wakes).hasValue(2);
  }

  @Test
  void endsOnce() {
    AtomicInteger ends = new AtomicInteger();
    capture.onClose(ends::incrementAndGet);
    capture.close();
    capture.close();
    assertThat(ends).hasValue(1);

    capture.onClose(ends::incrementAndGet);
    assertThat(ends).as("too late, so at once").hasValue(2);
    port.frame(true, Frames.frame(Frames.BOB, Frames.ALICE));
    assertThat(capture.poll()).isNull();
  }
}
