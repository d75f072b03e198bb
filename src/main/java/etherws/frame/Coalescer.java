package etherws.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Puts the TCP segments of a batch of plain frames together to super-frames (GRO). One per link,
 * used by the link's event loop alone.
 */
public final class Coalescer {
  /*
   * What comes out, segmented, is what went in, to the octet. So only those segments are put
   * together whose headers Segmenter would make of one header: equal but for lengths, IPv4 IDs and
   * sequence numbers that count up, checksums that are right, and a PSH in the last. No IPv4 options
   * or reserved flag, no padding; no flags but ACK and PSH. All segments have the size of the first,
   * which is at least MIN_SEGMENT; the last may be shorter. As a datagram ends at 64 KiB there are no
   * more than 122. A segment that is shorter than those held but doesn't continue them is not held: it
   * was the last of something.
   *
   * What the kernel's GRO would keep apart, this does too (KernelGroIT).
   *
   * Frames of one connection come out in their order: one that can't be put to the rest lets the
   * rest out first. A connection is known by a hash of addresses and ports; a collision costs no
   * more than that.
   */

  /** Octets free before a frame that was held, for whoever has to put a header there. */
  public static final int HEADROOM = 64;

  private static final int MAX_FLOWS = 8;
  private static final int FLAGS = 0xfff;
  private static final int ACK = 0x10;
  private static final int RESERVED = 0x80;
  private static final long HASH_FACTOR = 0x9e37_79b9_7f4a_7c15L;

  /** Nothing shorter can be the first of several. */
  private static final int MIN_FIRST =
      EthernetFrame.HEADER_LENGTH
          + IpHeaders.IPV4_MIN_LENGTH
          + IpHeaders.TCP_MIN_LENGTH
          + EthernetFrame.MIN_SEGMENT;

  private final ByteBufAllocator allocator;
  private final Consumer<EthernetFrame> output;
  private final IpHeaders headers = new IpHeaders();
  private final EthernetFrame view = new EthernetFrame();

  /** Those held come first, the oldest of all at 0. */
  private final HeldFlow[] flows = new HeldFlow[MAX_FLOWS];

  private int held;

  /**
   * @param output is given what comes out, valid only during the call
   */
  public Coalescer(Consumer<EthernetFrame> output) {
    this(PooledByteBufAllocator.DEFAULT, output);
  }

  Coalescer(ByteBufAllocator allocator, Consumer<EthernetFrame> output) {
    this.allocator = allocator;
    this.output = output;
    Arrays.setAll(flows, i -> new HeldFlow());
  }

  /** Takes a frame, valid only during the call. It comes out now, or at the next flush at last. */
  public void offer(EthernetFrame frame) {
    if (held == 0 && frame.length() < MIN_FIRST) {
      output.accept(frame);
    } else if (!headers.parse(frame)) {
      if (headers.mayBeTcp()) {
        flushBetweenTheStationsOf(frame);
      }
      output.accept(frame);
    } else if (headers.isTcp()) {
      offerSegment(frame);
    } else {
      output.accept(frame);
    }
  }

  /** Lets out all that is held: the end of a batch. */
  public void flush() {
    while (held > 0) {
      letOut(0);
    }
  }

  /** Drops what is held and frees its buffers. Idempotent. */
  public void close() {
    while (held > 0) {
      flows[--held].release();
    }
  }

  private void offerSegment(EthernetFrame frame) {
    long key = key(frame);
    boolean plain = isPlainSegment(frame);
    boolean last = false;
    int i = indexOf(key);
    if (i >= 0) {
      if (plain && flows[i].continuesWith(frame, headers) && hasRightChecksums(frame)) {
        flows[i].append(frame);
        if (flows[i].isComplete()) {
          letOut(i);
        }
        return;
      }
      last = frame.length() - headers.payload() < flows[i].segmentSize();
      letOut(i);
    }
    if (plain && !last && canBeFirst(frame) && hasRightChecksums(frame)) {
      hold(frame, key);
    } else {
      output.accept(frame);
    }
  }

  private void hold(EthernetFrame frame, long key) {
    if (held == MAX_FLOWS) {
      letOut(0);
    }
    flows[held].begin(allocator, frame, headers, key);
    held++;
  }

  private void letOut(int i) {
    HeldFlow flow = flows[i];
    held--;
    System.arraycopy(flows, i + 1, flows, i, held - i);
    flows[held] = flow;
    try {
      flow.finish(view);
      view.leave(HEADROOM);
      output.accept(view);
    } finally {
      flow.release();
    }
  }

  private void flushBetweenTheStationsOf(EthernetFrame frame) {
    for (int i = 0; i < held; ) {
      if (flows[i].isBetweenTheStationsOf(frame)) {
        letOut(i);
      } else {
        i++;
      }
    }
  }

  private int indexOf(long key) {
    for (int i = 0; i < held; i++) {
      if (flows[i].key() == key) {
        return i;
      }
    }
    return -1;
  }

  private long key(EthernetFrame frame) {
    ByteBuf buffer = frame.buffer();
    int addresses = frame.start() + headers.addresses();
    long key = buffer.getInt(frame.start() + headers.transport()); // both ports
    for (int i = 0; i < headers.addressesLength(); i += Long.BYTES) {
      key = key * HASH_FACTOR + buffer.getLong(addresses + i);
    }
    return key;
  }

  /** Data and nothing special about it. */
  private boolean isPlainSegment(EthernetFrame frame) {
    int ipLength = headers.isIpv6() ? IpHeaders.IPV6_LENGTH : IpHeaders.IPV4_MIN_LENGTH;
    int flags = HeldFlow.field16(frame, headers, IpHeaders.TCP_FLAGS) & FLAGS;
    return frame.offload() == Offload.NONE
        && frame.length() == headers.end()
        && frame.length() > headers.payload()
        && headers.transport() - headers.network() == ipLength
        && (headers.isIpv6() || !isReserved(frame))
        && (flags & ~HeldFlow.PSH) == ACK;
  }

  /** Whether the reserved bit of IPv4 is set, by which no router goes. */
  private boolean isReserved(EthernetFrame frame) {
    int flags = frame.start() + headers.network() + IpHeaders.IPV4_FRAGMENT;
    return (frame.buffer().getUnsignedByte(flags) & RESERVED) != 0;
  }

  private boolean canBeFirst(EthernetFrame frame) {
    int flags = HeldFlow.field16(frame, headers, IpHeaders.TCP_FLAGS);
    return frame.length() - headers.payload() >= EthernetFrame.MIN_SEGMENT
        && frame.length() - headers.network() <= HeldFlow.MAX_DATAGRAM
        && (flags & HeldFlow.PSH) == 0;
  }

  /**
   * Right as Segmenter would write them: of the two zeros, 0. Without options the addresses, which
   * are most of the pseudo-header, stand right before the segment.
   */
  private boolean hasRightChecksums(EthernetFrame frame) {
    ByteBuf buffer = frame.buffer();
    int start = frame.start();
    int network = start + headers.network();
    int length = frame.length() - headers.transport();
    long sum =
        Checksum.sum(buffer, start + headers.addresses(), headers.addressesLength() + length)
            + headers.protocol()
            + length;
    return isRight(sum, HeldFlow.field16(frame, headers, IpHeaders.TCP_CHECKSUM))
        && (headers.isIpv6()
            || isRight(
                Checksum.sum(buffer, network, IpHeaders.IPV4_MIN_LENGTH),
                buffer.getUnsignedShort(network + IpHeaders.IPV4_CHECKSUM)));
  }

  private static boolean isRight(long sum, int checksum) {
    return Checksum.fold(sum) == 0xffff && checksum != 0xffff;
  }
}
