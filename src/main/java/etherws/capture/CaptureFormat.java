package etherws.capture;

import io.netty.buffer.ByteBuf;

/** How captured frames are written. One per capture, used by its reader. */
public interface CaptureFormat {
  String contentType();

  /** Appends what comes before everything. */
  void begin(ByteBuf out);

  /** Appends one frame. */
  void frame(CapturedFrame frame, ByteBuf out);

  /** Appends what was lost and what else there is to say at the end. */
  void end(ByteBuf out);
}
