package etherws.tunnel;

import etherws.frame.EthernetFrame;
import etherws.frame.Offload;
import etherws.frame.Segmenter;
import etherws.metrics.PortCounters;
import etherws.websocket.WsWriter;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/** The plain wire: a message per frame, many messages in one buffer; super-frames are segmented. */
final class PlainEncoder implements Encoder {
  private static final int BATCH_OCTETS = 64 * 1024;

  /** The watermark counts what is readable, so a buffer for one small frame had better be small. */
  private static final int FIRST_OCTETS = 2 * 1024;

  private final ChannelHandlerContext context;
  private final WsWriter writer;
  private final boolean oneMessagePerBuffer;
  private final PortCounters counters;
  private final Segmenter segmenter = new Segmenter();
  private @Nullable ByteBuf batch;
  private int lastBatch = FIRST_OCTETS;

  /**
   * @param oneMessagePerBuffer for peers that read no more than one from a TLS record
   */
  PlainEncoder(
      ChannelHandlerContext context,
      WsWriter writer,
      boolean oneMessagePerBuffer,
      PortCounters counters) {
    this.context = context;
    this.writer = writer;
    this.oneMessagePerBuffer = oneMessagePerBuffer;
    this.counters = counters;
  }

  @Override
  public void append(EthernetFrame frame) {
    if (frame.offload() == Offload.NONE) {
      ByteBuf out = room(frame.length());
      writer.binary(out, frame.buffer(), frame.start(), frame.length());
      counters.egress(frame.length());
      return;
    }
    int segments = segmenter.begin(frame);
    for (int i = 0; i < segments; i++) {
      int length = segmenter.length(i);
      ByteBuf out = room(length);
      int key = writer.begin(out, length);
      int start = out.writerIndex();
      segmenter.write(i, out);
      writer.mask(out, start, length, key);
      counters.egress(length);
    }
  }

  private ByteBuf room(int length) {
    int octets = length + WsWriter.HEADROOM;
    if (batch != null && (oneMessagePerBuffer || batch.readableBytes() + octets > BATCH_OCTETS)) {
      finish();
    }
    if (batch == null) {
      batch = context.alloc().directBuffer(Math.max(lastBatch, octets));
    }
    return batch;
  }

  @Override
  public void finish() {
    if (batch != null) {
      ByteBuf full = batch;
      batch = null;
      lastBatch = Math.max(FIRST_OCTETS, full.readableBytes());
      context.write(full, context.voidPromise());
    }
  }

  @Override
  public void release() {
    if (batch != null) {
      batch.release();
      batch = null;
    }
  }
}
