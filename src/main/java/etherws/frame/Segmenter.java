package etherws.frame;

import io.netty.buffer.ByteBuf;

/**
 * Makes plain frames of a frame with something left to be done, as Linux does for a device that
 * can't: segments with headers of their own, and whole checksums. One per thread.
 */
public final class Segmenter {
  /*
   * begin sums the headers without the fields that differ between segments, so that write sums
   * little more than the payload. A field is taken out of a sum by adding its complement.
   */
  private static final int CWR = 0x80;
  private static final int PSH = 0x08;
  private static final int FIN = 0x01;

  private final EthernetFrame frame = new EthernetFrame();
  private int segments;
  private int payload;
  private long ipv4Sum;
  private long transportSum;

  /**
   * Prepares a frame, which has to stay as it is until its last segment is written.
   *
   * @return how many plain frames it becomes
   */
  public int begin(EthernetFrame frame) {
    this.frame.wrap(frame);
    segments = frame.segments();
    if (frame.isSuperFrame()) {
      prepare(frame.headers());
    }
    return segments;
  }

  private void prepare(IpHeaders headers) {
    ByteBuf buffer = frame.buffer();
    int start = frame.start();
    payload = headers.payload();
    if (!headers.isIpv6()) {
      int network = start + headers.network();
      ipv4Sum =
          Checksum.sum(buffer, network, headers.transport() - headers.network())
              + without(buffer, network + IpHeaders.IPV4_TOTAL_LENGTH)
              + without(buffer, network + IpHeaders.IPV4_ID)
              + without(buffer, network + IpHeaders.IPV4_CHECKSUM);
    }
    int transport = start + headers.transport();
    transportSum =
        Checksum.pseudoHeader(buffer, start, headers, 0)
            + Checksum.sum(buffer, transport, headers.payload() - headers.transport())
            + without(buffer, transport + headers.checksumOffset());
    if (headers.isTcp()) {
      transportSum +=
          without(buffer, transport + IpHeaders.TCP_SEQUENCE)
              + without(buffer, transport + IpHeaders.TCP_SEQUENCE + 2)
              + without(buffer, transport + IpHeaders.TCP_FLAGS);
    } else {
      transportSum += without(buffer, transport + IpHeaders.UDP_LENGTH);
    }
  }

  private static int without(ByteBuf buffer, int field) {
    return ~buffer.getUnsignedShort(field) & 0xffff;
  }

  /** Octets of the {@code i}-th plain frame. */
  public int length(int i) {
    int size = frame.segmentSize();
    return i < segments - 1 ? payload + size : frame.length() - i * size;
  }

  /** Appends the {@code i}-th plain frame to {@code out}. */
  public void write(int i, ByteBuf out) {
    int length = length(i);
    out.ensureWritable(length);
    int at = out.writerIndex();
    if (frame.isSuperFrame()) {
      int from = frame.start() + payload + i * frame.segmentSize();
      out.setBytes(at, frame.buffer(), frame.start(), payload);
      out.setBytes(at + payload, frame.buffer(), from, length - payload);
      writeIp(i, out, at, length);
      writeTransport(i, out, at, length);
    } else {
      out.setBytes(at, frame.buffer(), frame.start(), length);
      completeChecksum(out, at, length);
    }
    out.writerIndex(at + length);
  }

  private void completeChecksum(ByteBuf out, int at, int length) {
    if (frame.offload() != Offload.NONE) {
      int transport = frame.headers().transport();
      int field = at + transport + frame.headers().checksumOffset();
      Checksum.complete(out, at + transport, length - transport, field);
    }
  }

  private void writeIp(int i, ByteBuf out, int at, int length) {
    IpHeaders headers = frame.headers();
    int network = at + headers.network();
    if (headers.isIpv6()) {
      out.setShort(
          network + IpHeaders.IPV6_PAYLOAD_LENGTH,
          length - headers.network() - IpHeaders.IPV6_LENGTH);
      return;
    }
    int totalLength = length - headers.network();
    int id = (out.getUnsignedShort(network + IpHeaders.IPV4_ID) + i) & 0xffff;
    out.setShort(network + IpHeaders.IPV4_TOTAL_LENGTH, totalLength);
    out.setShort(network + IpHeaders.IPV4_ID, id);
    out.setShort(network + IpHeaders.IPV4_CHECKSUM, Checksum.of(ipv4Sum + totalLength + id));
  }

  private void writeTransport(int i, ByteBuf out, int at, int length) {
    IpHeaders headers = frame.headers();
    int transport = at + headers.transport();
    int transportLength = length - headers.transport();
    long sum = transportSum + Checksum.sum(out, at + payload, length - payload) + transportLength;
    if (headers.isTcp()) {
      int sequence = out.getInt(transport + IpHeaders.TCP_SEQUENCE) + i * frame.segmentSize();
      int flags = out.getUnsignedShort(transport + IpHeaders.TCP_FLAGS) & ~flagsElsewhere(i);
      out.setInt(transport + IpHeaders.TCP_SEQUENCE, sequence);
      out.setShort(transport + IpHeaders.TCP_FLAGS, flags);
      sum += (sequence & 0xffff_ffffL) + flags;
      out.setShort(transport + IpHeaders.TCP_CHECKSUM, Checksum.of(sum));
    } else {
      out.setShort(transport + IpHeaders.UDP_LENGTH, transportLength);
      sum += transportLength;
      out.setShort(transport + IpHeaders.UDP_CHECKSUM, Checksum.nonZeroOf(sum));
    }
  }

  /** CWR is told once, at the start; PSH and FIN are true of the end. */
  private int flagsElsewhere(int i) {
    return (i > 0 ? CWR : 0) | (i < segments - 1 ? PSH | FIN : 0);
  }
}
