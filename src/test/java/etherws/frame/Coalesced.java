package etherws.frame;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * A frame that has come out of coalescing.
 *
 * @param segmentSize 0 if it is no super-frame
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Coalesced(byte[] octets, int segmentSize) {
  /** What our {@link Coalescer} makes of these frames, if they are one batch. */
  static List<Coalesced> ours(List<byte[]> frames) {
    List<Coalesced> out = new ArrayList<>();
    Coalescer coalescer = new Coalescer(frame -> out.add(of(frame)));
    frames.forEach(frame -> coalescer.offer(Packet.direct(frame)));
    coalescer.flush();
    coalescer.close();
    return out;
  }

  private static Coalesced of(EthernetFrame frame) {
    byte[] octets = ByteBufUtil.getBytes(frame.buffer(), frame.start(), frame.length());
    return new Coalesced(octets, frame.isSuperFrame() ? frame.segmentSize() : 0);
  }

  int segments() {
    return segmentSize == 0 ? 1 : Math.ceilDiv(octets.length - headers().payload(), segmentSize);
  }

  /** Of a super-frame, its segments, each by its sequence number and payload. */
  List<String> contents() {
    IpHeaders headers = headers();
    int sequence =
        Unpooled.wrappedBuffer(octets).getInt(headers.transport() + IpHeaders.TCP_SEQUENCE);
    List<String> contents = new ArrayList<>();
    for (int at = headers.payload(); at < octets.length; at += segmentSize) {
      int end = Math.min(octets.length, at + segmentSize);
      String payload = HexFormat.of().formatHex(Arrays.copyOfRange(octets, at, end));
      contents.add((sequence + at - headers.payload()) + " " + payload);
    }
    return contents;
  }

  private IpHeaders headers() {
    IpHeaders headers = new IpHeaders();
    if (!headers.parse(Unpooled.wrappedBuffer(octets), 0, octets.length)) {
      throw new AssertionError("no headers in " + this);
    }
    return headers;
  }

  /** Short enough to be read. */
  @Override
  public String toString() {
    int shown = Math.min(octets.length, 80);
    return "%d octets in segments of %d: %s"
        .formatted(octets.length, segmentSize, HexFormat.of().formatHex(octets, 0, shown));
  }
}
