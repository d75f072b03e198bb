package etherws.tunnel;

import etherws.frame.EthernetFrame;
import etherws.frame.Offload;
import etherws.frame.Segmenter;
import etherws.metrics.PortCounters;
import etherws.websocket.WsWriter;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/**
 * The wire of {@code etherws.v2}: small frames are copied into one message, a large one is made a
 * message where it lies.
 */
final class BatchEncoder implements Encoder {
  private static final int BATCH_OCTETS = 64 * 1024;
  private static final int FIRST_OCTETS = 2 * 1024;

  /** From here on a message of its own is cheaper than a copy. */
  private static final int LARGE = 8 * 1024;

  private static final int HEADROOM = WsWriter.HEADROOM + WireRecord.HEADER_LENGTH;

  private final ChannelHandlerContext context;
  private final WsWriter writer;
  private final PortCounters counters;
  private final Segmenter segmenter = new Segmenter();
  private @Nullable ByteBuf message;
  private int lastMessage = FIRST_OCTETS;

  BatchEncoder(ChannelHandlerContext context, WsWriter writer, PortCounters counters) {
    this.context = context;
    this.writer = writer;
    this.counters = counters;
  }

  @Override
  public void append(EthernetFrame frame) {
    if (!WireRecord.carries(frame)) {
      appendSegments(frame);
    } else if (frame.length() >= LARGE && frame.headroom() >= HEADROOM) {
      writeInPlace(frame);
    } else {
      ByteBuf out = room(frame.length());
      putHeader(out, frame.offload(), frame.length(), frame.segmentSize());
      out.writeBytes(frame.buffer(), frame.start(), frame.length());
    }
  }

  private void appendSegments(EthernetFrame frame) {
    int segments = segmenter.begin(frame);
    for (int i = 0; i < segments; i++) {
      int length = segmenter.length(i);
      ByteBuf out = room(length);
      putHeader(out, Offload.NONE, length, 0);
      segmenter.write(i, out);
    }
  }

  private void putHeader(ByteBuf out, Offload offload, int length, int segmentSize) {
    int index = out.writerIndex();
    out.ensureWritable(WireRecord.HEADER_LENGTH + length);
    WireRecord.putHeader(out, index, offload, length, segmentSize);
    out.writerIndex(index + WireRecord.HEADER_LENGTH);
    counters.egress(length);
  }

  private void writeInPlace(EthernetFrame frame) {
    finish();
    int record = frame.start() - WireRecord.HEADER_LENGTH;
    WireRecord.putHeader(
        frame.buffer(), record, frame.offload(), frame.length(), frame.segmentSize());
    int length = HEADROOM + frame.length();
    ByteBuf slice = frame.buffer().retainedSlice(frame.start() - HEADROOM, length);
    slice.readerIndex(WsWriter.HEADROOM);
    writer.wrap(slice);
    counters.egress(frame.length());
    context.write(slice, context.voidPromise());
  }

  private ByteBuf room(int length) {
    int octets = WireRecord.HEADER_LENGTH + length;
    if (message != null && message.readableBytes() + octets > BATCH_OCTETS) {
      finish();
    }
    if (message == null) {
      message = context.alloc().directBuffer(Math.max(lastMessage, HEADROOM + length));
      WsWriter.reserve(message);
    }
    return message;
  }

  @Override
  public void finish() {
    if (message != null) {
      ByteBuf full = message;
      message = null;
      lastMessage = Math.max(FIRST_OCTETS, full.writerIndex());
      writer.wrap(full);
      context.write(full, context.voidPromise());
    }
  }

  @Override
  public void release() {
    if (message != null) {
      message.release();
      message = null;
    }
  }
}
