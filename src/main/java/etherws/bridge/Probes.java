package etherws.bridge;

import etherws.frame.EthernetFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Small frames that only this bridge makes, and knows again when they come back. */
final class Probes {
  /*
   * destination   a locally administered group address: every bridge floods it, no host listens
   * source        ours alone, at random, locally administered
   * tag           only out of a port without untagged frames
   * 0x88b5        EtherType for local experiments
   * "loop"        4 octets
   * port          number of the port that it left by, 4 octets
   * token         of that port, 8 octets: who forges a probe has to have seen one of the same port
   * padding       60 octets in all
   */
  private static final long DESTINATION = 0x0365_7468_7773L;
  private static final int ETHER_TYPE = 0x88b5;
  private static final int MAGIC = 0x6c6f_6f70;
  private static final int ANNOUNCEMENT = 0x6865_7265; // "here", instead of "loop"
  private static final int LENGTH = 60;
  private static final long RANDOM_BITS = 0xfcff_ffff_ffffL;
  private static final long LOCAL = 0x0200_0000_0000L;

  private final RandomGenerator random;
  private final long source;

  Probes(RandomGenerator random) {
    this.random = random;
    this.source = (random.nextLong() & RANDOM_BITS) | LOCAL;
  }

  long source() {
    return source;
  }

  long newToken() {
    return random.nextLong();
  }

  void send(Attachment port) {
    int vid = port.rules().vlan.anyVid();
    if (vid == VlanFilter.NONE) {
      return;
    }
    ByteBuf probe = begin(port, vid, source).writeInt(MAGIC);
    send(port, probe.writeInt(port.number()).writeLong(port.probeToken()));
  }

  /** Sends a frame that does nothing but have others learn where {@code mac} is. */
  static void announce(Attachment port, int vid, long mac) {
    if (port.rules().vlan.egress(vid) != VlanFilter.Form.NONE) {
      send(port, begin(port, vid, mac).writeInt(ANNOUNCEMENT));
    }
  }

  private static ByteBuf begin(Attachment port, int vid, long source) {
    ByteBuf frame = Unpooled.buffer(LENGTH);
    frame.writeLong(DESTINATION << 16 | source >>> 32).writeInt((int) source);
    if (vid > 0 && port.rules().vlan.egress(vid) == VlanFilter.Form.TAGGED) {
      frame.writeShort(EthernetFrame.ETHER_TYPE_VLAN).writeShort(vid);
    }
    return frame.writeShort(ETHER_TYPE);
  }

  private static void send(Attachment port, ByteBuf octets) {
    octets.writeZero(LENGTH - octets.writerIndex());
    EthernetFrame frame = new EthernetFrame();
    frame.wrap(octets, 0, LENGTH);
    port.send(frame);
  }

  /** The port by which a probe of ours left; null if it is none, or the port has gone. */
  static @Nullable Attachment sender(EthernetFrame frame, Attachment[] members) {
    int at = EthernetFrame.HEADER_LENGTH + (frame.isTagged() ? EthernetFrame.TAG_LENGTH : 0);
    ByteBuf octets = frame.buffer();
    int start = frame.start() + at;
    if (frame.length() < at + 16
        || frame.destination() != DESTINATION
        || octets.getShort(start - 2) != (short) ETHER_TYPE
        || octets.getInt(start) != MAGIC) {
      return null;
    }
    for (Attachment port : members) {
      if (port.number() == octets.getInt(start + 4)) {
        return port.probeToken() == octets.getLong(start + 8) ? port : null;
      }
    }
    return null;
  }
}
