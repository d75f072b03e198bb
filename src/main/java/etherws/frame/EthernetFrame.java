package etherws.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * A view of one Ethernet II frame (without FCS) in a buffer that somebody else owns.
 *
 * <p>One view per event loop is pointed at frame after frame; whoever keeps a frame beyond the call
 * it came in copies its octets, or, if there is {@link #headroom}, retains a slice of the buffer.
 */
public final class EthernetFrame {
  /** Destination, source and EtherType, in octets. */
  public static final int HEADER_LENGTH = 14;

  /** One 802.1Q tag, in octets. */
  public static final int TAG_LENGTH = 4;

  /** The longest frame a port accepts: 64 KiB of payload behind a header and two tags. */
  public static final int MAX_LENGTH = HEADER_LENGTH + 2 * TAG_LENGTH + 0xffff;

  public static final int ETHER_TYPE_VLAN = 0x8100;

  /** The least segment size that crosses a tunnel: what every IPv4 host accepts (RFC 9293). */
  public static final int MIN_SEGMENT = 536;

  private static final int SOURCE = 6;
  static final int ETHER_TYPE = 12;
  static final int TAG_CONTROL = 14;
  private static final long MAC_BITS = 0xffff_ffff_ffffL;
  static final int VID_BITS = 0xfff;

  /**
   * Octets that a source leaves free before a frame, so that a tag and a port's headers can be put
   * there: 4 and the longest of a WebSocket message and of a record, in whole words.
   */
  public static final int HEADROOM = 32;

  private static final int UDP_LENGTH = 4;

  private final IpHeaders headers = new IpHeaders();
  private ByteBuf buffer = Unpooled.EMPTY_BUFFER;
  private int start;
  private int length;
  private Offload offload = Offload.NONE;
  private int segmentSize;
  private int headroom;
  private int leftHeadroom;
  private boolean shared;
  private @Nullable ByteBuf copy;
  private @Nullable ByteBuf owners;
  private int ownersStart;
  private int ownersLength;

  /**
   * Points the view at {@code length} octets from absolute index {@code start}: a plain frame.
   * False for a runt; after true no accessor can fail as long as the buffer lives.
   */
  public boolean wrap(ByteBuf buffer, int start, int length) {
    this.buffer = buffer;
    this.start = start;
    this.length = length;
    offload = Offload.NONE;
    segmentSize = 0;
    headroom = 0;
    return length >= HEADER_LENGTH;
  }

  /**
   * Adds what its sender has left to be done. None of it is taken on trust: the headers are parsed
   * and have to fit the frame to the octet, and the sum of the pseudo-header is written anew. False
   * if they don't; the frame is of no use then.
   *
   * @param segmentSize octets of payload in each segment but the last; of no meaning unless {@code
   *     kind} is a super-frame
   */
  public boolean offload(Offload kind, int segmentSize) {
    if (kind == Offload.NONE) {
      return true;
    }
    if (!headers.parse(this) || headers.end() != length || !fits(kind, segmentSize)) {
      return false;
    }
    boolean whole = kind == Offload.CHECKSUM || length - headers.payload() <= segmentSize;
    this.offload = whole ? Offload.CHECKSUM : kind;
    this.segmentSize = whole ? 0 : segmentSize;
    int transportLength = length - headers.transport();
    int sum = Checksum.fold(Checksum.pseudoHeader(buffer, start, headers, transportLength));
    buffer.setShort(start + headers.transport() + headers.checksumOffset(), sum);
    return true;
  }

  private boolean fits(Offload kind, int segmentSize) {
    int udpLength = buffer.getUnsignedShort(start + headers.transport() + UDP_LENGTH);
    return switch (kind) {
      case NONE, CHECKSUM -> headers.isTcp() || udpLength == length - headers.transport();
      case TCP -> segmentSize > 0 && headers.isTcp();
      case UDP -> segmentSize > 0 && !headers.isTcp() && udpLength == length - headers.transport();
    };
  }

  /** Makes this a view of the same frame. */
  public void wrap(EthernetFrame other) {
    buffer = other.buffer;
    start = other.start;
    length = other.length;
    offload = other.offload;
    segmentSize = other.segmentSize;
    headroom = other.headroom;
    headers.copyFrom(other.headers);
  }

  /**
   * Points at the same frame elsewhere, a copy or a slice, with offload facts that were checked
   * before.
   */
  public void wrapChecked(ByteBuf buffer, int start, int length, Offload kind, int segmentSize) {
    wrap(buffer, start, length);
    if (kind != Offload.NONE) {
      headers.parse(this);
      offload = kind;
      this.segmentSize = segmentSize;
    }
  }

  public ByteBuf buffer() {
    return buffer;
  }

  /** Absolute index of the first octet in {@link #buffer()}. */
  public int start() {
    return start;
  }

  /** Octets from the destination address to the end of the payload. */
  public int length() {
    return length;
  }

  /**
   * Leaves the frame's octets, and as many before it, to the one port that will be offered it, to
   * overwrite and to keep by reference.
   */
  public void leave(int headroom) {
    this.headroom = headroom;
  }

  /** Takes that back as long as several ports get the frame: until {@link #shared}. Idempotent. */
  public void share() {
    if (!shared) {
      leftHeadroom = headroom;
      headroom = 0;
      shared = true;
    }
  }

  /** They have got it, and nobody has kept its buffer. */
  public void shared() {
    if (shared) {
      headroom = leftHeadroom;
      shared = false;
    }
    if (copy != null) {
      copy.release();
      copy = null;
    }
  }

  /** Whether other ports are offered it too: who keeps it keeps {@link #copy} for all. */
  public boolean isShared() {
    return shared;
  }

  /**
   * The frame in a buffer of its own, the same for all ports it is shared among, its first octet
   * behind {@link #HEADROOM}. Retain it; nobody may overwrite it.
   */
  public ByteBuf copy(ByteBufAllocator allocator) {
    if (copy == null) {
      copy = allocator.directBuffer(HEADROOM + length);
      copy.writerIndex(HEADROOM).writeBytes(buffer, start, length);
    }
    return copy;
  }

  /** Octets before the frame that may be overwritten; above 0 the frame itself may be as well. */
  public int headroom() {
    return headroom;
  }

  /** What is left to be done to make this a plain frame, or several. */
  public Offload offload() {
    return offload;
  }

  /** More than one frame on any wire that knows no super-frames. */
  public boolean isSuperFrame() {
    return segmentSize != 0;
  }

  /** Octets of payload in each segment of a super-frame but the last; else 0. */
  public int segmentSize() {
    return segmentSize;
  }

  /** The least MTU of a network that all segments of a super-frame fit. */
  public int segmentMtu() {
    return headers.payload() - headers.network() + segmentSize;
  }

  /** How many frames this is on a wire that knows no super-frames. */
  public int segments() {
    return isSuperFrame() ? Math.ceilDiv(length - headers.payload(), segmentSize) : 1;
  }

  /** Where its headers are. Only of a frame with something left to be done. */
  public IpHeaders headers() {
    return headers;
  }

  public long destination() {
    return buffer.getLong(start) >>> 16;
  }

  public long source() {
    return buffer.getLong(start + SOURCE - 2) & MAC_BITS;
  }

  public int etherType() {
    return buffer.getUnsignedShort(start + ETHER_TYPE);
  }

  /** The VID of an outer 802.1Q tag; 0 for an untagged or priority-tagged frame. */
  public int vid() {
    return isTagged() ? buffer.getUnsignedShort(start + TAG_CONTROL) & VID_BITS : 0;
  }

  /** Whether there is an outer 802.1Q tag, be it with VID 0. */
  public boolean isTagged() {
    return etherType() == ETHER_TYPE_VLAN && length >= HEADER_LENGTH + TAG_LENGTH;
  }

  /** Whether it would be {@linkplain #isTagged tagged} even without its tag. */
  public boolean isTaggedTwice() {
    return isTagged()
        && length >= HEADER_LENGTH + 2 * TAG_LENGTH
        && buffer.getUnsignedShort(start + ETHER_TYPE + TAG_LENGTH) == ETHER_TYPE_VLAN;
  }

  /**
   * Makes sure that the frame, and as many octets before it, can be overwritten: it moves to a
   * buffer of its own if its owner has not left it to us. Ends with {@link #giveBack}.
   */
  public void own(int octets, ByteBufAllocator allocator) {
    if (headroom > 0 && headroom >= octets) {
      return;
    }
    ByteBuf own = allocator.directBuffer(HEADROOM + length);
    own.writerIndex(HEADROOM).writeBytes(buffer, start, length);
    if (owners == null) {
      owners = buffer;
      ownersStart = start;
      ownersLength = length;
    } else {
      buffer.release();
    }
    buffer = own;
    start = HEADROOM;
    headroom = HEADROOM;
  }

  /** Lets go of the buffer of its own, if there is one: the view is as before. */
  public void giveBack() {
    if (owners != null) {
      buffer.release();
      headers.shift(ownersLength - length);
      buffer = owners;
      start = ownersStart;
      length = ownersLength;
      headroom = 0;
      owners = null;
    }
  }

  /** Cuts octets off the front of a frame of our {@link #own}, or adds some if below 0. */
  void moveStart(int octets) {
    start += octets;
    length -= octets;
    headroom += octets;
    headers.shift(-octets);
  }
}
