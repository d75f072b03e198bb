package etherws.tunnel;

import etherws.frame.EthernetFrame;
import etherws.frame.Offload;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.Recycler;
import org.jspecify.annotations.Nullable;

/** A frame that waits, with its own share of a buffer. Recycled: whoever takes one releases it. */
final class QueuedFrame {
  /**
   * From here on the buffer is kept by reference. It may be eight times as long: smaller frames
   * would hold too much memory.
   */
  private static final int LARGE = 32 * 1024;

  private static final Recycler<QueuedFrame> RECYCLER =
      new Recycler<>() {
        @Override
        protected QueuedFrame newObject(Handle<QueuedFrame> handle) {
          return new QueuedFrame(handle);
        }
      };

  private final Recycler.Handle<QueuedFrame> handle;
  private ByteBuf buffer = Unpooled.EMPTY_BUFFER;
  private int start;
  private int length;
  private int headroom;
  private Offload offload = Offload.NONE;
  private int segmentSize;
  private long since;

  /** The list it is in; belongs to the owner of that list. */
  @Nullable QueuedFrame next;

  private QueuedFrame(Recycler.Handle<QueuedFrame> handle) {
    this.handle = handle;
  }

  /** Copies a small frame, once for all if it is shared; keeps a large one where it is. */
  static QueuedFrame of(EthernetFrame frame, ByteBufAllocator allocator, long now) {
    QueuedFrame queued = RECYCLER.get();
    queued.length = frame.length();
    queued.offload = frame.offload();
    queued.segmentSize = frame.segmentSize();
    queued.since = now;
    if (frame.isShared()) {
      queued.headroom = 0;
      queued.start = EthernetFrame.HEADROOM;
      queued.buffer = frame.copy(allocator).retain();
    } else if (frame.length() >= LARGE && frame.headroom() > 0) {
      queued.headroom = frame.headroom();
      queued.start = frame.start();
      queued.buffer = frame.buffer().retain();
    } else {
      queued.headroom = EthernetFrame.HEADROOM;
      queued.start = EthernetFrame.HEADROOM;
      queued.buffer = allocator.directBuffer(EthernetFrame.HEADROOM + frame.length());
      queued
          .buffer
          .writerIndex(queued.start)
          .writeBytes(frame.buffer(), frame.start(), queued.length);
    }
    return queued;
  }

  /** Points a view at the frame, which is valid until {@link #release}. */
  void view(EthernetFrame view) {
    view.wrapChecked(buffer, start, length, offload, segmentSize);
    view.leave(headroom);
  }

  int length() {
    return length;
  }

  /** When it came, in nanoseconds of the node's clock. */
  long since() {
    return since;
  }

  void release() {
    buffer.release();
    buffer = Unpooled.EMPTY_BUFFER;
    next = null;
    handle.recycle(this);
  }
}
