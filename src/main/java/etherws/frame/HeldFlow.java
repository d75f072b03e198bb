package etherws.frame;

import static etherws.frame.IpHeaders.IPV4_CHECKSUM;
import static etherws.frame.IpHeaders.IPV4_FRAGMENT;
import static etherws.frame.IpHeaders.IPV4_ID;
import static etherws.frame.IpHeaders.IPV4_TOTAL_LENGTH;
import static etherws.frame.IpHeaders.IPV6_NEXT_HEADER;
import static etherws.frame.IpHeaders.IPV6_PAYLOAD_LENGTH;
import static etherws.frame.IpHeaders.TCP_ACKNOWLEDGMENT;
import static etherws.frame.IpHeaders.TCP_CHECKSUM;
import static etherws.frame.IpHeaders.TCP_FLAGS;
import static etherws.frame.IpHeaders.TCP_SEQUENCE;
import static etherws.frame.IpHeaders.TCP_URGENT;
import static etherws.frame.IpHeaders.TCP_WINDOW;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

/**
 * Consecutive segments of one TCP connection, put together in a buffer until they come out. All
 * that is put in is of the plainest kind: see {@link Coalescer}.
 */
final class HeldFlow {
  static final int PSH = 0x08;

  /** Of the IP datagram, header included: what its length field can tell. */
  static final int MAX_DATAGRAM = 0xffff;

  private static final int START = Coalescer.HEADROOM;
  private static final int CAPACITY = START + EthernetFrame.MAX_LENGTH;
  private static final int MAC_ADDRESSES_LENGTH = 12;

  private final IpHeaders headers = new IpHeaders();
  private ByteBuf buffer = Unpooled.EMPTY_BUFFER;
  private long key;
  private int length;
  private int segmentSize;
  private int segments;
  private int nextSequence;
  private boolean complete;

  /** Takes the first segment. Its size is that of all that follow. */
  void begin(ByteBufAllocator allocator, EthernetFrame frame, IpHeaders headers, long key) {
    this.headers.copyFrom(headers);
    this.key = key;
    buffer = allocator.directBuffer(CAPACITY, CAPACITY);
    buffer.setBytes(START, frame.buffer(), frame.start(), frame.length());
    length = frame.length();
    segmentSize = length - headers.payload();
    segments = 1;
    nextSequence = field32(frame, headers, TCP_SEQUENCE) + segmentSize;
    complete = false;
  }

  /** The key that it began with. */
  long key() {
    return key;
  }

  /** Octets of payload in each segment but the last. */
  int segmentSize() {
    return segmentSize;
  }

  /** True if this segment is the next one, by its headers and its length. */
  boolean continuesWith(EthernetFrame frame, IpHeaders next) {
    int payload = frame.length() - next.payload();
    return next.payload() == headers.payload()
        && next.network() == headers.network()
        && payload <= segmentSize
        && length + payload - headers.network() <= MAX_DATAGRAM
        && field32(frame, next, TCP_SEQUENCE) == nextSequence
        && same(frame, 0, headers.network())
        && (headers.isIpv6() ? sameIpv6(frame) : sameIpv4(frame))
        && sameTcp(frame);
  }

  private boolean sameIpv4(EthernetFrame frame) {
    int network = headers.network();
    int firstId = buffer.getUnsignedShort(START + network + IPV4_ID);
    int id = frame.buffer().getUnsignedShort(frame.start() + network + IPV4_ID);
    return id == ((firstId + segments) & 0xffff)
        && same(frame, network, IPV4_TOTAL_LENGTH)
        && same(frame, network + IPV4_FRAGMENT, IPV4_CHECKSUM - IPV4_FRAGMENT)
        && same(frame, headers.addresses(), headers.addressesLength());
  }

  private boolean sameIpv6(EthernetFrame frame) {
    int network = headers.network();
    return same(frame, network, IPV6_PAYLOAD_LENGTH)
        && same(frame, network + IPV6_NEXT_HEADER, IpHeaders.IPV6_LENGTH - IPV6_NEXT_HEADER);
  }

  /** But for the flags, which leave no choice other than PSH. */
  private boolean sameTcp(EthernetFrame frame) {
    int transport = headers.transport();
    int urgent = transport + TCP_URGENT;
    return same(frame, transport, TCP_SEQUENCE)
        && same(frame, transport + TCP_ACKNOWLEDGMENT, TCP_FLAGS - TCP_ACKNOWLEDGMENT)
        && same(frame, transport + TCP_WINDOW, TCP_CHECKSUM - TCP_WINDOW)
        && same(frame, urgent, headers.payload() - urgent);
  }

  /** Compares an even number of octets; whatever the buffers' own indices say. */
  private boolean same(EthernetFrame frame, int offset, int octets) {
    ByteBuf other = frame.buffer();
    int at = START + offset;
    int otherAt = frame.start() + offset;
    int end = at + octets;
    for (; at + Long.BYTES <= end; at += Long.BYTES, otherAt += Long.BYTES) {
      if (buffer.getLong(at) != other.getLong(otherAt)) {
        return false;
      }
    }
    for (; at < end; at += Short.BYTES, otherAt += Short.BYTES) {
      if (buffer.getShort(at) != other.getShort(otherAt)) {
        return false;
      }
    }
    return true;
  }

  /** Takes the next segment. */
  void append(EthernetFrame frame) {
    int payload = frame.length() - headers.payload();
    int flags = headers.transport() + TCP_FLAGS;
    buffer.setBytes(START + length, frame.buffer(), frame.start() + headers.payload(), payload);
    buffer.setBytes(START + flags, frame.buffer(), frame.start() + flags, Short.BYTES);
    length += payload;
    nextSequence += payload;
    segments++;
    complete = payload < segmentSize || (field16(frame, headers, TCP_FLAGS) & PSH) != 0;
  }

  /** True if nothing can follow. */
  boolean isComplete() {
    return complete;
  }

  /** True if the frame goes from the same station to the same station. */
  boolean isBetweenTheStationsOf(EthernetFrame frame) {
    return same(frame, 0, MAC_ADDRESSES_LENGTH);
  }

  /** Points {@code view} at the super-frame; or at a lone segment, which is as it came. */
  void finish(EthernetFrame view) {
    if (segments == 1) {
      view.wrap(buffer, START, length);
      return;
    }
    int network = START + headers.network();
    if (headers.isIpv6()) {
      buffer.setShort(network + IPV6_PAYLOAD_LENGTH, length - headers.transport());
    } else {
      buffer.setShort(network + IPV4_TOTAL_LENGTH, length - headers.network());
      buffer.setShort(network + IPV4_CHECKSUM, 0);
      long sum = Checksum.sum(buffer, network, IpHeaders.IPV4_MIN_LENGTH);
      buffer.setShort(network + IPV4_CHECKSUM, Checksum.of(sum));
    }
    long sum = Checksum.pseudoHeader(buffer, START, headers, length - headers.transport());
    buffer.setShort(START + headers.transport() + TCP_CHECKSUM, Checksum.fold(sum));
    view.wrapChecked(buffer, START, length, Offload.TCP, segmentSize);
  }

  void release() {
    buffer.release();
    buffer = Unpooled.EMPTY_BUFFER;
  }

  static int field16(EthernetFrame frame, IpHeaders headers, int field) {
    return frame.buffer().getUnsignedShort(frame.start() + headers.transport() + field);
  }

  private static int field32(EthernetFrame frame, IpHeaders headers, int field) {
    return frame.buffer().getInt(frame.start() + headers.transport() + field);
  }
}
