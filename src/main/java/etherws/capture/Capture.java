package etherws.capture;

import etherws.frame.EthernetFrame;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Copies of the frames that pass some ports, as many as fit while nobody takes them. */
public final class Capture implements AutoCloseable {
  /*
   * Any number of threads put copies in, and one reader takes them out. The bound is in octets: a
   * thread adds what its copy takes up, and takes it back if that was too much, so the bound may
   * refuse a frame that would have just fitted, but is never exceeded.
   *
   * The reader is woken once after it has found nothing: poll says that it will sleep and looks
   * again, put adds and looks whether it sleeps, so one of them sees the other.
   */
  /** The most octets of a frame that are kept unless less is asked for, as in tcpdump. */
  public static final int MAX_SNAP_LENGTH = 262_144;

  static final int MAX_WAITING = 4 << 20;
  private static final int FRAME_OVERHEAD = 96;

  private final FrameFilter filter;
  private final int snapLength;
  private final LongSupplier epochNanos;
  private final Queue<CapturedFrame> frames = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicBoolean asleep = new AtomicBoolean(true);
  private final List<Source> sources = new CopyOnWriteArrayList<>();
  private final List<Runnable> undo = new ArrayList<>();
  private volatile Runnable wake = () -> {};
  private volatile boolean closed;

  /**
   * @param snapLength the most octets kept of a frame
   * @param epochNanos the time in nanoseconds since 1970
   */
  public Capture(FrameFilter filter, int snapLength, LongSupplier epochNanos) {
    this.filter = filter;
    this.snapLength = Math.clamp(snapLength, EthernetFrame.HEADER_LENGTH, MAX_SNAP_LENGTH);
    this.epochNanos = epochNanos;
  }

  /**
   * Adds a port. Its frames are to be shown to {@link Source#frame} until the capture is closed.
   *
   * @param name what the reader sees
   */
  public synchronized Source source(String name) {
    Source source = new Source(sources.size(), name);
    sources.add(source);
    return source;
  }

  /** Runs {@code action} once when the capture ends: at once, if it has. */
  public void onClose(Runnable action) {
    synchronized (undo) {
      if (!closed) {
        undo.add(action);
        return;
      }
    }
    action.run();
  }

  /** Nothing is captured any more; what waits can still be taken. Idempotent, any thread. */
  @Override
  public void close() {
    List<Runnable> actions;
    synchronized (undo) {
      closed = true;
      actions = List.copyOf(undo);
      undo.clear();
    }
    actions.forEach(Runnable::run);
  }

  /** Calls {@code wake}, on any thread, when there is something to take after there was nothing. */
  public void onFrame(Runnable wake) {
    this.wake = wake;
  }

  /** Takes a copy; null when none waits. The reader's thread. */
  public @Nullable CapturedFrame poll() {
    CapturedFrame frame = frames.poll();
    if (frame == null) {
      asleep.set(true);
      frame = frames.poll();
    }
    if (frame != null) {
      waiting.addAndGet(-size(frame.octets().length));
    }
    return frame;
  }

  int snapLength() {
    return snapLength;
  }

  List<Source> sources() {
    return sources;
  }

  long now() {
    return epochNanos.getAsLong();
  }

  private static int size(int octets) {
    return octets + FRAME_OVERHEAD;
  }

  /** One port whose frames are captured. */
  public final class Source {
    private final int number;
    private final String name;
    private final LongAdder kept = new LongAdder();
    private final LongAdder dropped = new LongAdder();

    private Source(int number, String name) {
      this.number = number;
      this.name = name;
    }

    /** Copies the frame, if the filter accepts it and there is room. Any thread, never blocks. */
    public void frame(boolean ingress, EthernetFrame frame) {
      ByteBuf buffer = frame.buffer();
      int start = frame.start();
      int length = frame.length();
      if (closed || !filter.accepts(buffer, start, length)) {
        return;
      }
      int octets = Math.min(length, snapLength);
      if (waiting.addAndGet(size(octets)) > MAX_WAITING) {
        waiting.addAndGet(-size(octets));
        dropped.increment();
        return;
      }
      byte[] copy = new byte[octets];
      buffer.getBytes(start, copy);
      kept.increment();
      frames.add(new CapturedFrame(this, epochNanos.getAsLong(), ingress, copy, length));
      if (asleep.get() && asleep.compareAndSet(true, false)) {
        wake.run();
      }
    }

    /** From 0, in the order in which ports were added. */
    int number() {
      return number;
    }

    String name() {
      return name;
    }

    /** Frames that the filter accepted, with those dropped. */
    long accepted() {
      return kept.sum() + dropped.sum();
    }

    /** Frames that the filter accepted and that found no room. */
    long dropped() {
      return dropped.sum();
    }
  }
}
