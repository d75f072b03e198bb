package etherws.tunnel;

import etherws.frame.EthernetFrame;
import etherws.frame.Offload;
import etherws.metrics.DropReason;
import etherws.websocket.CloseCode;
import etherws.websocket.WebSocketException;
import io.netty.buffer.ByteBuf;

/** Takes the frames out of a message of {@code etherws.v2}. */
final class RecordReader {
  private final EthernetFrame view = new EthernetFrame();
  private final Session session;

  RecordReader(Session session) {
    this.session = session;
  }

  /**
   * Gives each frame to the session, which may overwrite it and its record header.
   *
   * @throws WebSocketException if the records don't fill the message to the octet
   */
  void read(ByteBuf message, int index, int length) {
    int end = index + length;
    int next = index;
    while (next < end) {
      int frame = next + WireRecord.HEADER_LENGTH;
      int octets = end < frame ? 0 : WireRecord.length(message, next);
      if (end < frame || octets > end - frame) {
        throw new WebSocketException(CloseCode.PROTOCOL_ERROR, "record is cut short");
      }
      Offload offload = Offload.of(WireRecord.type(message, next));
      if (offload != null) {
        receive(message, frame, octets, offload, WireRecord.segmentSize(message, next));
      }
      next = frame + octets;
    }
  }

  private void receive(ByteBuf message, int start, int length, Offload offload, int segmentSize) {
    if (!view.wrap(message, start, length)) {
      session.counters().drop(DropReason.RUNT);
    } else if (length > EthernetFrame.MAX_LENGTH) {
      session.counters().drop(DropReason.GIANT);
    } else if (!view.offload(offload, segmentSize) || !WireRecord.carries(view)) {
      session.counters().drop(DropReason.OFFLOAD);
    } else {
      view.leave(WireRecord.HEADER_LENGTH);
      session.receive(view);
    }
  }
}
