package etherws.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Builds frames with a TCP segment or UDP datagram octet by octet, all checksums right. */
public final class Packet implements Cloneable {
  static final int FIN = 0x01;
  static final int SYN = 0x02;
  static final int RST = 0x04;
  static final int PSH = 0x08;
  static final int ACK = 0x10;
  static final int URG = 0x20;
  static final int ECE = 0x40;
  static final int CWR = 0x80;

  boolean ipv6;
  boolean udp;
  int[] tags = {};
  int etherType;
  int trafficClass;
  int flowLabel = 0xabcde;
  int ttl = 64;
  int id = 0x1234;
  int fragment = 0x4000;
  byte[] ipv4Options = {};
  long host = 1;
  int port = 5001;
  int sequence = 0x1000_0000;
  int acknowledgment = 0x2000_0000;
  int flags = ACK;
  int window = 502;
  int urgent;
  byte[] tcpOptions = {};
  byte[] payload = {};
  int padding;

  public static Packet tcp(boolean ipv6, byte[] payload) {
    Packet packet = new Packet();
    packet.ipv6 = ipv6;
    packet.payload = payload;
    return packet;
  }

  public static Packet udp(boolean ipv6, byte[] payload) {
    Packet packet = tcp(ipv6, payload);
    packet.udp = true;
    return packet;
  }

  public static byte[] octets(RandomGenerator random, int length) {
    byte[] octets = new byte[length];
    random.nextBytes(octets);
    return octets;
  }

  Packet copy() {
    try {
      return (Packet) clone();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  /** What a sender would have made of this in segments of {@code size}, by RFC 9293 and Linux. */
  public List<Packet> cut(int size) {
    List<Packet> segments = new ArrayList<>();
    for (int from = 0; from < payload.length; from += size) {
      int to = Math.min(payload.length, from + size);
      Packet segment = copy();
      segment.payload = Arrays.copyOfRange(payload, from, to);
      segment.id = id + segments.size();
      segment.sequence = sequence + from;
      if (from > 0) {
        segment.flags &= ~CWR;
      }
      if (to < payload.length) {
        segment.flags &= ~(PSH | FIN);
      }
      segments.add(segment);
    }
    return segments;
  }

  /** The same from another port. */
  public Packet from(int port) {
    Packet other = copy();
    other.port = port;
    return other;
  }

  /** The same with VLAN tags, each with its EtherType. */
  public Packet tagged(int... tags) {
    Packet other = copy();
    other.tags = tags;
    return other;
  }

  /** What follows this on the same connection, as long. */
  Packet next() {
    Packet next = copy();
    next.id = id + 1;
    next.sequence = sequence + payload.length;
    return next;
  }

  public EthernetFrame plain() {
    return direct(octets());
  }

  /** A view into a direct buffer that the garbage collector frees. */
  static EthernetFrame direct(byte[] octets) {
    ByteBuf buffer = Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(octets.length + 3));
    EthernetFrame frame = new EthernetFrame();
    frame.wrap(buffer.setBytes(3, octets), 3, octets.length);
    return frame;
  }

  /** This as a super-frame, or with a checksum to be completed. */
  public EthernetFrame offloaded(Offload kind, int segmentSize) {
    EthernetFrame frame = plain();
    if (!frame.offload(kind, segmentSize)) {
      throw new AssertionError("refused");
    }
    return frame;
  }

  public byte[] octets() {
    ByteBuf out = Unpooled.buffer();
    out.writeLong(0x0200_0000_000b_0200L).writeInt(0x0000_000a);
    for (int tag : tags) {
      out.writeInt(tag);
    }
    out.writeShort(etherType != 0 ? etherType : ipv6 ? 0x86dd : 0x0800);
    byte[] transport = transport();
    if (ipv6) {
      out.writeInt(0x6000_0000 | trafficClass << 20 | flowLabel);
      out.writeShort(transport.length).writeByte(protocol()).writeByte(ttl);
      out.writeBytes(addresses());
    } else {
      out.writeBytes(ipv4Header(transport.length));
    }
    out.writeBytes(transport).writeZero(padding);
    return ByteBufUtil.getBytes(out);
  }

  /** Of the TCP or UDP header. */
  int headerLength() {
    return udp ? 8 : 20 + tcpOptions.length;
  }

  private int protocol() {
    return udp ? 17 : 6;
  }

  private byte[] addresses() {
    ByteBuf out = Unpooled.buffer();
    if (ipv6) {
      out.writeLong(0xfd00_0000_0000_0001L).writeLong(host);
      out.writeLong(0xfd00_0000_0000_0002L).writeLong(2);
    } else {
      out.writeInt(0x0a00_0000 | (int) host).writeInt(0x0a00_0102);
    }
    return ByteBufUtil.getBytes(out);
  }

  private byte[] ipv4Header(int transportLength) {
    int length = 20 + ipv4Options.length;
    ByteBuf out = Unpooled.buffer();
    out.writeByte(0x40 | length / 4).writeByte(trafficClass).writeShort(length + transportLength);
    out.writeShort(id).writeShort(fragment).writeByte(ttl).writeByte(protocol()).writeShort(0);
    out.writeBytes(addresses()).writeBytes(ipv4Options);
    out.setShort(10, ~naiveSum(ByteBufUtil.getBytes(out)));
    return ByteBufUtil.getBytes(out);
  }

  private byte[] transport() {
    ByteBuf out = Unpooled.buffer();
    out.writeShort(port).writeShort(443);
    if (udp) {
      out.writeShort(8 + payload.length).writeShort(0);
    } else {
      out.writeInt(sequence).writeInt(acknowledgment);
      out.writeShort((headerLength() / 4) << 12 | flags).writeShort(window);
      out.writeShort(0).writeShort(urgent).writeBytes(tcpOptions);
    }
    out.writeBytes(payload);
    int length = out.readableBytes();
    ByteBuf pseudo = Unpooled.buffer().writeBytes(addresses());
    pseudo.writeInt(length).writeInt(protocol()).writeBytes(out.duplicate());
    int checksum = ~naiveSum(ByteBufUtil.getBytes(pseudo)) & 0xffff;
    out.setShort(udp ? 6 : 16, udp && checksum == 0 ? 0xffff : checksum);
    return ByteBufUtil.getBytes(out);
  }

  /** RFC 1071 as it stands there, word by word. */
  static int naiveSum(byte[] octets) {
    int sum = 0;
    for (int i = 0; i < octets.length; i += 2) {
      int low = i + 1 < octets.length ? octets[i + 1] & 0xff : 0;
      sum += (octets[i] & 0xff) << 8 | low;
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return sum;
  }
}
