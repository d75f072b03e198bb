package etherws.stream;

import etherws.frame.EthernetFrame;
import etherws.metrics.DropReason;
import etherws.metrics.PortCounters;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.function.Consumer;

/** Finds the frames in a stream, however it is cut. Belongs to the connection's event loop. */
final class StreamReader {
  /** Octets before a frame: its length, big-endian. */
  static final int PREFIX = 4;

  private static final int USUAL_OCTETS = 2 * 1024;

  private final PortCounters counters;
  private final Consumer<EthernetFrame> output;
  private final EthernetFrame view = new EthernetFrame();

  /** The beginning of a frame whose end has not come yet; empty between frames. */
  private final ByteBuf begun;

  /**
   * @param output is given each frame, valid only during the call
   */
  StreamReader(ByteBufAllocator allocator, PortCounters counters, Consumer<EthernetFrame> output) {
    this.begun = allocator.directBuffer(USUAL_OCTETS, PREFIX + EthernetFrame.MAX_LENGTH);
    this.counters = counters;
    this.output = output;
  }

  /** Takes what was read from the connection; {@code chunk} stays the caller's. */
  void read(ByteBuf chunk) throws StreamException {
    if (begun.isReadable() && !goOn(chunk)) {
      return;
    }
    int index = chunk.readerIndex();
    int end = chunk.writerIndex();
    while (end - index >= PREFIX) {
      int length = length(chunk, index);
      if (end - index - PREFIX < length) {
        break;
      }
      deliver(chunk, index + PREFIX, length);
      index += PREFIX + length;
    }
    begun.writeBytes(chunk, index, end - index);
  }

  /** False if the frame that has begun is still not whole. */
  private boolean goOn(ByteBuf chunk) throws StreamException {
    if (!fill(chunk, PREFIX)) {
      return false;
    }
    int length = length(begun, 0);
    if (!fill(chunk, PREFIX + length)) {
      return false;
    }
    deliver(begun, PREFIX, length);
    begun.clear();
    return true;
  }

  private boolean fill(ByteBuf chunk, int octets) {
    int missing = octets - begun.readableBytes();
    begun.writeBytes(chunk, Math.clamp(missing, 0, chunk.readableBytes()));
    return begun.readableBytes() >= octets;
  }

  private static int length(ByteBuf buffer, int index) throws StreamException {
    long length = buffer.getUnsignedInt(index);
    if (length > EthernetFrame.MAX_LENGTH) {
      throw new StreamException(
          "a frame of %d octets, more than %d".formatted(length, EthernetFrame.MAX_LENGTH));
    }
    return (int) length;
  }

  private void deliver(ByteBuf buffer, int index, int length) {
    if (view.wrap(buffer, index, length)) {
      output.accept(view);
    } else {
      counters.drop(DropReason.RUNT);
    }
  }

  void close() {
    begun.release();
  }
}
