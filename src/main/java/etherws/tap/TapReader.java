package etherws.tap;

import etherws.bridge.Bridge;
import etherws.bridge.Port;
import etherws.frame.EthernetFrame;
import etherws.linux.Errno;
import etherws.linux.LinuxException;
import etherws.metrics.DropReason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/** Takes frames out of a TAP queue and gives them to the bridge. Owned by the thread that reads. */
final class TapReader {
  /** A batch ends here, so that others on the loop get their turn. */
  private static final int BATCH_FRAMES = 64;

  private static final int BATCH_OCTETS = 256 * 1024;

  private static final int CAPACITY = VnetHeader.LENGTH + EthernetFrame.MAX_LENGTH;
  private static final int EAGAIN = -Errno.EAGAIN.number();
  private static final int EINTR = -Errno.EINTR.number();

  private final TapQueue queue;
  private final Bridge bridge;
  private final Port port;
  private final Consumer<LinuxException> onGone;
  private final MemorySegment memory = Arena.ofAuto().allocate(CAPACITY, Long.BYTES);
  private final ByteBuf buffer = Unpooled.wrappedBuffer(memory.asByteBuffer());
  private final EthernetFrame frame = new EthernetFrame();

  TapReader(TapQueue queue, Bridge bridge, Port port, Consumer<LinuxException> onGone) {
    this.queue = queue;
    this.bridge = bridge;
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
      int result = (int) queue.read(memory.address(), CAPACITY);
      if (result < 0) {
        return result == EAGAIN || result == EINTR || gone(-result);
      }
      octets += result;
      receive(result - VnetHeader.LENGTH);
    }
    return true;
  }

  private void receive(int length) {
    if (frame.wrap(buffer, VnetHeader.LENGTH, length)) {
      bridge.receive(port, frame);
    } else {
      port.counters().drop(DropReason.RUNT);
    }
  }

  private boolean gone(int errno) {
    onGone.accept(new LinuxException("read", queue.device(), errno));
    return false;
  }
}
