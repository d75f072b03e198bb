package etherws.stream;

import etherws.frame.EthernetFrame;
import etherws.frame.Offload;
import etherws.frame.Segmenter;
import etherws.metrics.PortCounters;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;

/** Puts frames behind their lengths; of a super-frame its segments. One per thread. */
final class StreamEncoder {
  private static final FastThreadLocal<StreamEncoder> OF_THREAD =
      new FastThreadLocal<>() {
        @Override
        protected StreamEncoder initialValue() {
          return new StreamEncoder();
        }
      };

  private final Segmenter segmenter = new Segmenter();

  private StreamEncoder() {}

  static StreamEncoder ofThread() {
    return OF_THREAD.get();
  }

  /** Octets that {@link #append} writes. */
  static int octets(EthernetFrame frame) {
    if (!frame.isSuperFrame()) {
      return StreamReader.PREFIX + frame.length();
    }
    int repeated = StreamReader.PREFIX + frame.headers().payload();
    return StreamReader.PREFIX + frame.length() + (frame.segments() - 1) * repeated;
  }

  /** Appends the frame, or each of its segments, to {@code out}, and counts them. */
  void append(EthernetFrame frame, ByteBuf out, PortCounters counters) {
    if (frame.offload() == Offload.NONE) {
      out.writeInt(frame.length());
      out.writeBytes(frame.buffer(), frame.start(), frame.length());
      counters.egress(frame.length());
      return;
    }
    int segments = segmenter.begin(frame);
    for (int i = 0; i < segments; i++) {
      int length = segmenter.length(i);
      out.writeInt(length);
      segmenter.write(i, out);
      counters.egress(length);
    }
  }
}
