package etherws.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a frame with something left to be done has to become: judged without our own parser. */
public final class PlainFrames {
  private static final int TCP = 6;

  private final int network;
  private final int transport;
  private final int protocol;
  private final boolean ipv6;

  /** Of a frame that was found to be TCP or UDP over IP. */
  private PlainFrames(byte[] frame) {
    int at = 12;
    while (u16(frame, at) == 0x8100 || u16(frame, at) == 0x88a8) {
      at += 4;
    }
    ipv6 = u16(frame, at) == 0x86dd;
    network = at + 2;
    int next = ipv6 ? frame[network + 6] : frame[network + 9];
    int behind = network + (ipv6 ? 40 : (frame[network] & 0xf) * 4);
    while (ipv6 && (next == 0 || next == 60)) {
      next = frame[behind];
      behind += (frame[behind + 1] & 0xff) * 8 + 8;
    }
    protocol = next;
    transport = behind;
  }

  /**
   * Makes plain frames of it, as a port does that can't pass the rest of the work on, and fails
   * unless every host would take them: lengths true, checksums right, the payload whole.
   */
  public static List<byte[]> of(EthernetFrame frame) {
    Segmenter segmenter = new Segmenter();
    List<byte[]> segments = new ArrayList<>();
    int count = segmenter.begin(frame);
    for (int i = 0; i < count; i++) {
      ByteBuf out = Unpooled.directBuffer(segmenter.length(i));
      segmenter.write(i, out);
      segments.add(ByteBufUtil.getBytes(out));
      out.release();
    }
    if (frame.offload() != Offload.NONE) {
      byte[] octets = ByteBufUtil.getBytes(frame.buffer(), frame.start(), frame.length());
      new PlainFrames(octets).check(octets, frame, segments);
    }
    return segments;
  }

  private void check(byte[] octets, EthernetFrame frame, List<byte[]> segments) {
    int payload = payload(octets);
    int at = payload;
    for (int i = 0; i < segments.size(); i++) {
      byte[] segment = segments.get(i);
      int size = segment.length - payload;
      boolean last = i == segments.size() - 1;
      expect(payload(segment) == payload, "headers of a length");
      expect(!frame.isSuperFrame() || last || size == frame.segmentSize(), "full segments");
      expect(!frame.isSuperFrame() || size <= frame.segmentSize(), "no segment too long");
      expect(Arrays.equals(octets, at, at + size, segment, payload, segment.length), "the payload");
      checkHeaders(segment, frame.isSuperFrame());
      if (protocol == TCP && frame.isSuperFrame()) {
        int sequence = u32(octets, transport + 4) + at - payload;
        expect(u32(segment, transport + 4) == sequence, "the sequence number");
      }
      at += size;
    }
    expect(at == octets.length, "all of the payload");
  }

  private int payload(byte[] frame) {
    return protocol == TCP ? transport + (frame[transport + 12] >> 4 & 0xf) * 4 : transport + 8;
  }

  private void checkHeaders(byte[] frame, boolean cut) {
    int total = frame.length - network;
    expect(u16(frame, network + (ipv6 ? 4 : 2)) == (ipv6 ? total - 40 : total), "the IP length");
    if (cut && !ipv6) {
      expect(sum(frame, network, network + (frame[network] & 0xf) * 4) == 0xffff, "the IP sum");
    }
    expect(
        protocol == TCP || u16(frame, transport + 4) == frame.length - transport, "the UDP length");
    ByteBuf pseudo = Unpooled.buffer();
    pseudo.writeBytes(frame, network + (ipv6 ? 8 : 12), ipv6 ? 32 : 8);
    pseudo.writeInt(frame.length - transport).writeInt(protocol);
    pseudo.writeBytes(frame, transport, frame.length - transport);
    expect(Packet.naiveSum(ByteBufUtil.getBytes(pseudo)) == 0xffff, "the checksum");
  }

  private static int sum(byte[] octets, int from, int to) {
    return Packet.naiveSum(Arrays.copyOfRange(octets, from, to));
  }

  private static int u16(byte[] octets, int at) {
    return (octets[at] & 0xff) << 8 | (octets[at + 1] & 0xff);
  }

  private static int u32(byte[] octets, int at) {
    return u16(octets, at) << 16 | u16(octets, at + 2);
  }

  private static void expect(boolean right, String what) {
    if (!right) {
      throw new AssertionError("not right: " + what);
    }
  }
}
