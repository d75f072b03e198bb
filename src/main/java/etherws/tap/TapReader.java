package etherws.tap;

import etherws.bridge.Attachment;
import etherws.frame.EthernetFrame;
import etherws.linux.Errno;
import etherws.linux.LinuxException;
import etherws.metrics.DropReason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.function.Consumer;

/**
 * Takes frames out of a TAP queue and gives them to the bridge. Owned by the thread that reads, but
 * for {@link #close}.
 */
final class TapReader {
  /*
   * Frames are read one behind the other into a slab, each with room before it for whatever headers
   * the way out needs, so that a port can send a frame from where it lies. As long as nobody has
   * kept a slice of the slab, the next frame overwrites the last.
   */

  /** A batch ends here, so that others on the loop get their turn. */
  private static final int BATCH_FRAMES = 64;

  private static final int BATCH_OCTETS = 256 * 1024;

  private static final int CAPACITY = VnetHeader.LENGTH + EthernetFrame.MAX_LENGTH;
  private static final int ROOM = EthernetFrame.HEADROOM + EthernetFrame.MAX_LENGTH;
  private static final int SLAB = 4 * 64 * 1024;
  private static final int EAGAIN = -Errno.EAGAIN.number();
  private static final int EINTR = -Errno.EINTR.number();

  private final TapQueue queue;
  private final Attachment port;
  private final Consumer<LinuxException> onGone;
  private final EthernetFrame frame = new EthernetFrame();
  private ByteBuf slab = Unpooled.EMPTY_BUFFER;
  private long address;
  private int next;

  TapReader(TapQueue queue, Attachment port, Consumer<LinuxException> onGone) {
    this.queue = queue;
    this.port = port;
    this.onGone = onGone;
  }

  /**
   * Reads until the device has no more, or a batch is full. False when the device is gone, which
   * the owner has been told then: don't call again.
   */
  boolean readBatch() {
    int octets = 0;
    for (int frames = 0; frames < BATCH_FRAMES && octets < BATCH_OCTETS; frames++) {
      makeRoom();
      int start = next + EthernetFrame.HEADROOM;
      int result = (int) queue.read(address + start - VnetHeader.LENGTH, CAPACITY);
      if (result < 0) {
        return result == EAGAIN || result == EINTR || gone(-result);
      }
      octets += result;
      receive(start, result - VnetHeader.LENGTH);
    }
    return true;
  }

  /** Frees the slab, once nobody reads any more. */
  void close() {
    slab.release();
    slab = Unpooled.EMPTY_BUFFER;
  }

  private void makeRoom() {
    if (slab.refCnt() == 1) {
      next = 0;
    }
    if (slab.capacity() - next < ROOM) {
      slab.release();
      slab = PooledByteBufAllocator.DEFAULT.directBuffer(SLAB).writerIndex(SLAB);
      address = Memory.addressOf(slab);
      next = 0;
    }
  }

  private void receive(int start, int length) {
    if (!frame.wrap(slab, start, length)) {
      port.port().counters().drop(DropReason.RUNT);
    } else if (!VnetHeader.read(slab, start - VnetHeader.LENGTH, frame)) {
      port.port().counters().drop(DropReason.OFFLOAD);
    } else {
      next = Math.ceilDiv(start + length, Long.BYTES) * Long.BYTES;
      frame.leave(EthernetFrame.HEADROOM);
      port.receive(frame);
    }
  }

  private boolean gone(int errno) {
    onGone.accept(new LinuxException("read", queue.device(), errno));
    return false;
  }
}
