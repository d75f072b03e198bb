package etherws.device;

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
 * Takes frames out of the file of a device and gives them to the bridge. Owned by the thread that
 * reads, but for {@link #close}.
 */
public final class FrameReader {
  /*
   * Frames are read one behind the other into a slab, each with room before it for whatever headers
   * the way out needs, so that a port can send a frame from where it lies. As long as nobody has
   * kept a slice of the slab, the next frame overwrites the last.
   */

  /** A batch ends here, so that others on the loop get their turn. */
  private static final int BATCH_FRAMES = 64;

  private static final int BATCH_OCTETS = 256 * 1024;

  private static final int CAPACITY = VnetHeader.LENGTH + EthernetFrame.MAX_LENGTH;

  /** Before a frame, whatever else of it may come there; whole words. */
  private static final int HEADROOM =
      EthernetFrame.HEADROOM + Math.ceilDiv(DeviceFile.MAX_BEFORE, Long.BYTES) * Long.BYTES;

  private static final int ROOM = HEADROOM + EthernetFrame.MAX_LENGTH;
  private static final int SLAB = 4 * 64 * 1024;
  private static final int EAGAIN = -Errno.EAGAIN.number();
  private static final int EINTR = -Errno.EINTR.number();
  private static final int EINVAL = -Errno.EINVAL.number();
  private static final int EMSGSIZE = -Errno.EMSGSIZE.number();

  private final DeviceFile file;
  private final Attachment port;
  private final Consumer<LinuxException> onGone;
  private final EthernetFrame frame = new EthernetFrame();
  private ByteBuf slab = Unpooled.EMPTY_BUFFER;
  private long address;
  private int next;

  public FrameReader(DeviceFile file, Attachment port, Consumer<LinuxException> onGone) {
    this.file = file;
    this.port = port;
    this.onGone = onGone;
  }

  /**
   * Reads until the device has no more, or a batch is full. False when the device is gone, which
   * the owner has been told then: don't call again.
   */
  public boolean readBatch() {
    int octets = 0;
    for (int frames = 0; frames < BATCH_FRAMES && octets < BATCH_OCTETS; frames++) {
      makeRoom();
      int start = next + HEADROOM;
      int result = (int) file.read(address + start - VnetHeader.LENGTH, CAPACITY);
      if (result >= 0) {
        octets += result;
        receive(start - file.before(), result - VnetHeader.LENGTH);
      } else if (result == EAGAIN || result == EINTR) {
        return true;
      } else if (!isLost(result)) {
        onGone.accept(new LinuxException("read", file.device(), -result));
        return false;
      }
    }
    return true;
  }

  /** Frees the slab, once nobody reads any more. */
  public void close() {
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

  /** Counts a frame that the kernel could not hand over, if that is what the error says. */
  private boolean isLost(int error) {
    if (error == EINVAL) {
      port.port().counters().drop(DropReason.OFFLOAD);
    } else if (error == EMSGSIZE) {
      port.port().counters().drop(DropReason.GIANT);
    }
    return error == EINVAL || error == EMSGSIZE;
  }
}
